"""The words of requests that may point at a cause: without the small ones that every request has. Pure."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]{3,40}(?:-[^\W\d_]{2,40})?")
MOST = 12
"""Words a request counts with at most: it is one line."""


def terms(request: str, language: str) -> frozenset[str]:
    """The words of a request, each once, in small letters; of a language we have no small words for, all of them."""
    small = _SMALL.get(language, frozenset())
    words = dict.fromkeys(word.lower() for word in _WORD.findall(request))
    return frozenset([word for word in words if word not in small][:MOST])


def _of(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SMALL = {
    "de": _of(
        """aber alle allem allen alles als also am an anderen auch auf aus bei beim bereits bin bis bisher bitte da
        damit dann das dass dem den denn der des die dies diese diesem diesen dieser dieses doch dort
        drei du durch ein eine einem einen einer eines einmal er erst es etwas für ganz gar gegen geht
        gesagt gibt habe haben hat hatte heute hier hinter ich ihm ihn ihr ihre immer in ins ist jede
        jeden jeder jetzt kann kein keine keinen kommt können kunde kunden kundin lange mal man mehr
        mehrfach mein meine mich mir mit mittlerweile möchte muss nach nicht nichts noch nun nur ob oder
        ohne schon sehr sein seine seit sich sie sind soll sollte sondern statt trotz über um und uns
        unser unter viel vom von vor war warum was weg wegen weil weiter wenn wer werden wie wieder will
        wir wird wo woche wochen worden wurde wurden zu zum zur zwei zwischen tag tage tagen gestern
        morgen monat monate monaten dritten zweiten ersten endlich sofort"""
    ),
    "nl": _of(
        """aan al alle alleen als alsnog altijd andere ben bij binnen dag dagen dan dat de deze die dit doen door
        drie dus echt een eens eerste elke en er gaat geen gehad geven geweest haar had hebben heeft hem
        het hier hij hoe hun iets ik in is ja je jullie kan keer klant komt krijgt kunnen lang maand
        maanden maar mag me meer met mij mijn moet morgen na naar niet niets nog nooit nu of om omdat ons
        onze ook op over per sinds snel steeds te tegen ten ter terug toch toen tot twee uit van vanaf
        vandaag veel voor waarom wat week weken weer weg wel werd wie wil wilt worden wordt zal ze zelf
        zich zij zijn zo zonder zou gisteren meteen direct tweede derde"""
    ),
    "no": _of(
        """aldri alle allerede alt andre at av bare ble bli blir blitt da dag dager dagen de deg dem den denne der
        det dette din du eller en enda ennå er et etter fikk for fordi fra få får før gang ganger gjør
        god ha hadde han har hele her hun hva hver hvor hvorfor ikke ingen inn jeg kan kom kommer kunde
        kunden kunne litt man mange med meg men mer mest mine mitt mot må måned måneder ned noe noen nok
        nå når og også om opp oss over på samme seg selv senere siden skal skulle som straks tidligere
        til tilbake tre to uke uker under ut uten vant var ved vet vi vil ville vår være vært våre år
        gjerne endelig tredje første igjen"""
    ),
}
