"""Words that speak of health, religion, origin and the other categories of Articles 9 and 10 GDPR. Pure.

A hint to the agent, never a verdict: a word here may be harmless in its sentence, and what is not here may be delicate.
"""

from __future__ import annotations

import re
from functools import lru_cache

SPECIAL = ("health", "religion", "origin", "politics", "union", "sex", "genetic", "crime")
"""What can be hinted at; the message is `special.<name>`."""

# A word that ends in `*` stands for all that begin with it, one that begins with it for all that end so.
_WORDS: dict[str, dict[str, str]] = {
    "de": {
        "health": """
            krank kranke kranken kranker krankheit* erkrank* krankenhaus* krankgeschrieben* krankschreib*
            schwerkrank* *krebs krebskrank* krebsdiagnose* *tumor* diabet* depress* psych* therap* *klinik*
            diagnose* behinder* schwerbehindert* pflegebedürftig* pflegegrad* rollstuhl* schwanger* *geburt
            fehlgeburt* *infarkt* schlaganfall* epilep* demen* alzheimer* parkinson* allergi* asthma* hiv aids
            corona covid* süchtig* alkoholi* alkoholkrank* drogen* abhängigkeit medikament* operation operiert*
            op-termin chemo* dialyse* burnout burn-out suizid* selbstmord* borderline autis* adhs schizo*
            angststörung* panikattack* trauma* arzt ärztin arztes hausarzt* facharzt* ärztlich* attest* reha
            blind gehörlos* schwerhörig* impfung* geimpft* pflegefall*
        """,
        "religion": """
            religi* muslim* moslem* islam* christ christen christin christlich* katholi* evangelisch*
            protestant* orthodox* jude juden jüdin* jüdisch* hindu* buddhis* atheis* moschee* kirchengemeinde*
            kirchenmitglied* synagoge* zeugen jehova* zeugin konfession* kopftuch* ramadan koran gläubig*
            freikirch* aleviten alevit* sikh*
        """,
        "origin": """
            ausländer* migrant* migration* flüchtling* geflüchtet* asyl* herkunft* abstammung* hautfarbe* rasse
            ethni* staatsangehörig* staatsbürger* nationalität* türke türkin türken türkisch* araber* arabisch*
            pole polin polen polnisch* russe russin russen russisch* syrer* syrisch* afghan* ukrainer*
            ukrainisch* rumän* bulgar* roma sinti zigeuner* afrikan* kurde* kurdin* kurdisch* aussiedler*
            spätaussiedler* muttersprach* akzent
        """,
        "politics": """
            parteimitglied* afd cdu csu spd fdp grünenwähler* wähler* nazi* rechtsextrem* linksextrem*
            reichsbürger* querdenker* kommunist* sozialist* faschis* politisch* gesinnung* impfgegner*
        """,
        "union": """
            gewerkschaft* betriebsrat* verdi ver.di ig-metall igmetall streikend* streikt* vertrauensmann*
        """,
        "sex": """
            schwul* lesbisch* lesbe* homosexuell* bisexuell* heterosexuell* transsexuell* transgender*
            transfrau* transmann* queer* sexualität* sexualleben* sexuell* intersex* nonbinär* nicht-binär*
            geschlechtsumwandlung* prostitu*
        """,
        "genetic": """
            gentest* genetisch* dna dns-test* erbkrank* erbgut* fingerabdruck* fingerabdrücke*
            gesichtserkennung* biometri* stimmprofil* iris-scan*
        """,
        "crime": """
            vorbestraft* vorstrafe* straftat* straffällig* verurteilt* verurteilung* gefängnis* knast haftstrafe*
            haftbefehl* häftling* strafgefangen* bewährungsstrafe* bewährungshelfer* strafregister*
            führungszeugnis* strafverfahren* ermittlungsverfahren* fußfessel* justizvollzug* jva
        """,
    },
    "nl": {
        "health": """
            ziek zieke zieken zieker ziekte* ziekenhuis* ziekmelding* ziekgemeld* *kanker* tumor* diabet*
            suikerziekte depress* psych* therap* kliniek* diagnose* gehandicapt* handicap* invalide* rolstoel*
            zwanger* bevalling* miskra* hartaanval* hartinfarct* beroerte* epilep* dement* alzheimer* parkinson*
            allergi* astma* hiv aids corona covid* verslaafd* verslaving* alcoholi* drugs* medicijn* medicatie*
            operatie* geopereerd* chemo* dialyse* burn-out* burnout* suïcid* suicid* zelfmoord* zelfdoding*
            borderline autis* adhd schizo* angststoornis* paniekaanval* trauma* arts artsen huisarts* dokter*
            blind* doof dove slechthorend* slechtziend* vaccin* gevaccineerd* revalid* mantelzorg* thuiszorg*
            wia-uitkering arbeidsongeschikt* overspannen gewond* terminaal terminale
        """,
        "religion": """
            religie* religieu* moslim* islam* christen christelijk* katholiek* protestant* gereformeerd*
            hervormd* orthodox* jood joden jodin joods* hindoe* boeddhis* atheïs* moskee* kerkgenootschap*
            kerkelijk* kerkganger* synagoge* jehova* gelovig* geloofsovertuig* hoofddoek* ramadan koran sikh*
            bijbel*
        """,
        "origin": """
            buitenlander* allochto* autochto* migrant* migratie* vluchteling* asiel* herkomst* afkomst*
            afstamming* huidskleur* ras etni* nationaliteit* turk turken turks turkse marokka* surina* antill*
            polen pools poolse rus russen russisch* syri* afghaan* afghaans* oekraïen* roemeen* roemeens*
            bulgaar* bulgaars* roma sinti zigeuner* afrikaan* koerd* arabier* arabisch* somali* moedertaal*
            accent
        """,
        "politics": """
            pvv vvd pvda d66 cda groenlinks partijlid* politieke politiek kiezer* nazi* extreemrechts*
            extreemlinks* communis* socialis* fascis* complotdenker* wappie* gezindheid* antivax*
        """,
        "union": """
            vakbond* vakvereniging* fnv cnv ondernemingsraad* staker*
        """,
        "sex": """
            homo homo's homoseksu* lesbisch* lesbienne* biseksu* heteroseksu* transseksu* transgender*
            transvrouw* transman* queer* seksu* geaardheid* interseks* non-binair* geslachtsverandering*
            prostitu*
        """,
        "genetic": """
            dna* genetisch* erfelijk* vingerafdruk* gezichtsherkenning* biometri* irisscan* stemherkenning*
            genentest* gentest*
        """,
        "crime": """
            strafblad* veroordeeld* veroordeling* gevangenis* gedetineerd* ex-gedetineerd* detentie* celstraf*
            taakstraf* reclassering* enkelband* bajes tbs strafzaak* strafrechtelijk*
            strafbaar*
        """,
    },
    "no": {
        "health": """
            syk syke sykere sykdom* sykehus* sykmeld* sykemeld* sykepenger *kreft kreftsyk* kreftdiagnose*
            svulst* diabet* sukkersyk* depre* psyk* terap* klinikk* diagnose* funksjonshem* funksjonsnedsett*
            handikap* ufør* rullestol* gravid* fødsel fødte spontanabort* hjerteinfarkt* hjerteattakk*
            hjerneslag* epilep* demen* alzheimer* parkinson* allergi* astma* hiv aids korona* covid*
            avhengighet* rusavheng* rusproblem* alkoholi* narkot* medisin* operasjon* operert* cellegift*
            dialyse* utbrent* selvmord* suicid* borderline autis* adhd schizo* angst angstlidelse* panikkanfall*
            traum* lege legen legens fastlege* legeerklæring* legetime* blind* døv* hørselshem* tunghørt*
            svaksynt* vaksin* rehabiliter* pleietrengende hjemmesykepleie* sykepleier*
        """,
        "religion": """
            relig* muslim* islam* kristen* kristne katol* protestant* ortodoks* jøde* jødisk* hindu* buddhis*
            ateis* moské* menighet* kirkemedlem* synagoge* jehova* troende trossamfunn* livssyn* hijab* ramadan
            koran* sikh* pinsevenn*
        """,
        "origin": """
            utlending* innvandrer* innvandring* migrant* flyktning* asyl* opphav opprinnelse* avstamning*
            hudfarge* etni* nasjonalitet* statsborger* tyrk* polakk* polsk* russer* russisk* syrer* syrisk*
            afghan* ukrain* rumen* bulgar* roma rom-folk sigøyner* afrikan* kurd* kurdisk* araber* arabisk*
            somali* pakistan* same samer samisk* kven* morsmål* aksent
        """,
        "politics": """
            partimedlem* politisk* arbeiderpartiet høyrevelger* frp fremskrittspartiet venstrevelger* nazist*
            høyreekstrem* venstreekstrem* kommunis* sosialis* fascis* konspirasjon* vaksinemotstand*
        """,
        "union": """
            fagforening* fagorganis* tillitsvalgt* fellesforbundet fagforbundet streiker streiket streikende
            uorganisert*
        """,
        "sex": """
            homofil* homse* lesbisk* lesbe* bifil* biseksu* heterofil* transperson* transkjønn* transkvinne*
            transmann* skeiv* seksu* legning* interkjønn* ikke-binær* kjønnsskifte* prostitu*
        """,
        "genetic": """
            dna* gentest* genetisk* arvelig* fingeravtrykk* ansiktsgjenkjenning* biometri* irisskann*
            stemmegjenkjenning*
        """,
        "crime": """
            straffedømt* domfelt* dømt fengsel* fengslet fengsling* straffesak* rulleblad* vandelsattest* soning*
            varetekt* prøveløslat* straffbar* kriminalomsorg* fotlenke*
        """,
    },
}


def special(text: str, language: str) -> tuple[str, ...]:
    """Which special categories the words of a text touch, in the order of `SPECIAL`; none in an unknown language."""
    if language not in _WORDS:
        return ()
    return tuple(kind for kind, pattern in _patterns(language) if pattern.search(text))


def compile_all() -> None:
    """Have the patterns of all languages ready: each takes 3 ms."""
    for language in _WORDS:
        _patterns(language)


@lru_cache(maxsize=len(_WORDS))
def _patterns(language: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((kind, _pattern(_WORDS[language][kind])) for kind in SPECIAL)


def _pattern(words: str) -> re.Pattern[str]:
    alternatives = "|".join(re.escape(word).replace(r"\*", r"\w*") for word in words.split())
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)", re.IGNORECASE)
