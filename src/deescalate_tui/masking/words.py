"""Words around a number that say what it is, as regular expressions: what the masking rules read before and after it.

All languages are read at once: names for numbers wander across borders, and few of them mean something else there.
"""

from __future__ import annotations

PHONE = (
    # German
    r"\w*(?:telefon|telefoon|handy|mobil|mobiel|festnetz|rückruf|rueckruf|kontakt|privat)-?(?:nummer(?:et)?|num|nr)"
    r"|tel|telefon(?:isch)?|telf|telefoon|fon|festnetz|handy|hdy|mobil(?:telefon)?|rückruf"
    r"|(?:funk)?ruf(?:nummer|nr)|durchwahl|fax(?:nummer|nr)?|erreichbar"
    r"|zu erreichen|whatsapp|sms"
    r"|(?:zurück|an)(?:zu)?rufen (?:unter|auf)|(?:seine|ihre|meine|deren|private|neue|richtige) nummer"
    r"|unter der nummer"
    r"|diese nummer|nummer (?:von|lautet)"
    # Dutch
    r"|tel-?nr|telno|mobiel(?:e nummer|tje)?|gsm(?:-?nummer|nr)?|06-?nummer"
    r"|terugbel(?:nummer|len op)"
    r"|berei?kb(?:aar)?(?: op)?|te bereiken(?: op)?|bel(?:len|t)?(?: \w+){0,2} op|nummer is"
    r"|(?:haar|zijn|mijn|hun|vaste|nieuwe|ander) nummer"
    r"|appen|app(?:t)? naar|vaste lijn|doorkiesnummer"
    # Norwegian
    r"|tlf(?:n(?:umme)?r)?|tlph|mob|mobil(?:en|telefonen)|ring(?:es?|er|t)?(?: \w+){0,2} p(?:å|aa)|vipps\w*(?: til)?"
    r"|n(?:å|aa)s(?: p(?:å|aa))?|treffes p(?:å|aa)|kontaktes p(?:å|aa)|oppringt fra|hjemme"
    r"|nummeret|(?:hans|hennes|mitt|sitt|nytt|nye) (?:nummer|nr)"
    r"|nummer(?:et)? (?:er|til)|sms til"
    r"|direktenummer|fasttelefon(?:en)?|ring tilbake"
)
"""A telephone number follows."""

CALL = r"nummer|ring(?:e|er|te|t|es)?|tekst(?:e|er)?|melding|sendt? sms"
"""Norwegian verbs after which a bare mobile number may come, unless a word of `TOPIC` stands between."""

REFERENCE = (
    # What is written on paper has a number: the compound says which.
    r"\w*(?:bestell|auftrag|rechnung|vertrag|vertrags|vorgang|sendung|paket|zähler|aktenzeichen|referenz|artikel|serien|tracking"
    r"|kassenzeichen|ticket|garantie|gutschein|buchung|lieferschein|lieferung|retoure|gerät|modell"
    r"|version|filiale|postleitzahl)\w*"
    r"|\w*(?:bestel|factuur|contract|zending|pakket|dossier|polis|kenmerk|referentie|offerte|zaak|klacht|meterstand|aansluiting"
    r"|postcode|boeking|levering|kassabon)\w*"
    r"|\w*(?:ordre|bestilling|faktura|avtale|sending|pakke|sporing|referanse|målepunkt|polise|kvittering|postnummer|kolli"
    r"|artikkel|serienummer|kontrakt|organisasjon|levering)\w*"
    r"|\w*(?:order|track|trace|imei|barcode|strekkode|invoice|case)\w*"
    r"|\w*(?:kunde|kunden|klant|client)-?(?:nr|nummer|num|id|konto|account|no)\w*"
    r"|kid|kid-nummer|sak(?:s\w*|en|a)?|kvk|btw\w*|ust\w*|hrb|hra|ean|gtin|isbn|sku|blz|bic|org|orgnr"
    r"|\w+sak(?:en)?|transa[kc]\w*|\w*vracht\w*|bon(?:netje)?|rg|re|rnr|art|kbo|knr|bnr|rma|fall|az|ref|pin|puk|tan|code|kode"
    r"|\w{3,}(?:nummer(?:n|et)?|nr|nrn|zahl|no)|konto|kontonr|rekening|saldo|betrag|bedrag|beløp|summe?|stand"
)
"""A number that belongs to a thing: an order, an invoice, a device."""

TOPIC = r"wegen|bezüglich|betreffs?|betrifft|zu|zum|zur|über|over|wegens|inzake|betreft|angående|om|gjelder|vedr\w*|for"

IBAN = r"iban|bankverbindung|bankrekening(?:nummer)?|kontonummer|konto|rekening(?:nummer)?|bankkonto"
CARD = (
    r"(?:\w*kredit|giro|debit|bank|ec-?|zahl|master|visa)kart(?:e|en|ennummer|ennr)|kartennummer|kreditkartennummer"
    r"|credit-?card(?:nummer)?|creditcards?|kaartnummer|kaart|pinpas|pasnummer|bankpas|betaalpas|betaalkaart"
    r"|kredittkort(?:et|nummer|nummeret)?|kortn(?:umme)?r(?:et)?|kort(?:et)?|bankkort(?:et)?|betalingskort"
    r"|visa|mastercard|amex|american express|maestro"
)
BSN = (
    r"bsn(?:-?(?:nummer|nr))?|burger ?service ?-?(?:nummer|nr)|sofi(?:-?(?:nummer|nr))?|citizen service number"
    r"|burgerservicenr|persoonsnummer"
)
OFFICE = r"belastingdienst|fiscaal|digid|uwv|svb|toeslagen"
"""Who asks for a BSN."""
BIRTH = (
    r"f(?:ø|o|oe)dsels-?n(?:umme)?r(?:et)?|fødsels- og personn(?:umme)?r(?:et)?|personn(?:umme)?r(?:et)?"
    r"|d-?n(?:umme)?r(?:et)?|fnr|f\.nr|dnr"
    r"|fødsels-?nr|foedselsnummer|fodselsnummer|norwegische personennummer|pnr"
)
TAX = (
    r"steuer(?:l\.)? ?-?(?:liche )?(?:id(?:ent(?:ifikations)?)?-?(?:nummer|nr)?|identifikationsnummer|nummer|nr)"
    r"|steuer ?-? ?(?:id|ident)(?:nr)?"
    r"|ident-?n(?:umme)?r|idnr|id-nr|identifikationsnummer|steueridentifikationsnummer|steuerid"
    r"|st-?id|tin|tax ?id|stnr|st\.?-?nr"
)
"""The number is named: what was mistyped by a digit is personal all the same."""

AMOUNT_BEFORE = r"€|\$|£|\beuro?\b|\bkr\b\.?|\bnok\b|\bchf\b"
UNIT = (
    r"€|\$|£|%|euro?s?\b|kr\b|kroner\b|nok\b|chf\b|cent\b|,-|uhr\b|uur\b|kwh\b|km\b|kg\b|m²|m3\b|liter\b"
    r"|st(?:ü|u)ck\b|stk\b|stuks\b"
    r"|[gmk]b\b|mbit|tage?n?\b|dagen\b|dager\b|punkte\b|punten\b|poeng\b|meter\b|mal\b|keer\b|ganger\b"
    r"|millione?n\b|miljoen\b"
)
"""What stands behind an amount."""
