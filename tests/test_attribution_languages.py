"""Attribution in ten languages: hand-written sentences as the press prints them, and traps.

⟦phrase|Outlet⟧ is a phrase that attributes, with the outlet's canonical name; "=via",
"=credits" and "=links" give another role, "+" a second outlet of the same phrase, ¶ a line
break. What is not marked attributes nothing to an outlet: informants, police and courts, photo
credits, read-more lines, outlets that the news is about. The sentences of FROZEN were written
before the cues of their language were last worked on.
"""

import re

import pytest

from dedup.article import Article
from dedup.attribution import attributions
from dedup.text import prepare

FROZEN = {
    "en": """
- The chipmaker has postponed its Ohio plant, ⟦according to a Wall Street Journal report|The Wall
  Street Journal⟧, and will cut spending by a fifth.
- The envoy will travel to Tehran next week, ⟦Kyodo News reported on Tuesday, citing unnamed
  government officials|Kyodo⟧.
- The party's leader has resigned, ⟦Deutsche Welle reported, citing dpa|Deutsche Welle=self+dpa⟧.
- SEOUL, South Korea ⟦(AP)|AP=credits⟧ — North Korea fired two missiles on Monday, the South's
  military said.
- The BBC was fined £28,000 on Thursday for breaching broadcasting rules in a phone-in.
- The Associated Press sued three White House officials over access to the briefing room.
- “We heard two explosions,” said Maria Lopez, a spokeswoman for the fire brigade.
- According to court documents, the couple owed the bank two million dollars.
- The ferry sank within minutes.¶¶Photograph: Alkis Konstantinidis/Reuters¶¶All on board were saved.
""",
    "de": """
- Der Konzern will 4000 Stellen streichen, ⟦wie das „Handelsblatt“ unter Berufung auf
  Unternehmenskreise berichtet|Handelsblatt⟧.
- Die Verhandlungen seien gescheitert, ⟦meldete die Nachrichtenagentur AFP|AFP⟧.
- ⟦Nach Angaben des Senders n-tv|n-tv⟧ wurde der Minister am Morgen vernommen.
- Das Schiff liege fest, ⟦berichtet Interfax unter Berufung auf Tass|Interfax+TASS=via⟧.
- Wiesbaden ⟦(dpa/lhe)|dpa=credits⟧ - Bei einem Unfall auf der Autobahn 66 sind am Montag zwei
  Menschen verletzt worden.
- Die ARD zeigt das Finale am Sonntag live, das ZDF überträgt die beiden Halbfinals.
- Nach Angaben der Polizei war der Fahrer betrunken; ein Sprecher sagte, man ermittle noch.
- Der Kanzler reist nach Paris.¶¶Foto: Kay Nietfeld/dpa¶¶Dort trifft er den Präsidenten.
- Der Streit geht weiter.¶¶Lesen Sie auch: So berichtet der „Spiegel“ über den Skandal¶¶Heute tagt
  der Ausschuss.
""",
    "fr": """
- ⟦Selon une enquête du quotidien Le Monde|Le Monde⟧, le groupe a caché les résultats dix ans.
- Le navire a coulé au large de Chypre, ⟦rapporte l'agence Interfax, citant TASS|Interfax+TASS=via⟧.
- L'ancien ministre a été placé en garde à vue, ⟦a appris l'AFP|AFP⟧ de source policière.
- ⟦Interrogé par BFMTV|BFMTV⟧, le maire a démenti toute irrégularité.
- PARIS ⟦(Reuters)|Reuters=credits⟧ - Le gouvernement a présenté mercredi son projet de budget.
- TF1 a été condamnée mardi à 100 000 euros d'amende par le régulateur de l'audiovisuel.
- Selon la police, trois personnes ont été blessées dans l'accident.
- Le pont est fermé.¶¶Crédit photo : AFP¶¶Il rouvrira lundi.
- Le débat continue.¶¶À lire aussi : Ce que Mediapart a révélé¶¶Le vote est prévu jeudi.
""",
    "es": """
- ⟦Según informó la agencia EFE|EFE⟧, el avión aterrizó sin incidentes en Barajas.
- El exministro negociaba su salida desde mayo, ⟦según ha adelantado El Confidencial|El
  Confidencial⟧.
- El buque fue retenido en Odesa, ⟦informó Interfax citando a TASS|Interfax+TASS=via⟧.
- «No hay motivo de alarma», ⟦dijo a la cadena SER|Cadena SER⟧ la consejera de Salud.
- Madrid, 3 mar ⟦(EFE)|EFE=credits⟧.- El Congreso aprobó este jueves la reforma laboral.
- El País celebra este año su 45 aniversario con una exposición en Madrid.
- Según la Policía, el conductor dio positivo en la prueba de alcoholemia.
- El presidente viaja a Rabat.¶¶Foto: EFE/Juan Carlos Hidalgo¶¶Allí verá al rey.
- Sigue la huelga.¶¶Lea también: La CNN despide a su presentador estrella¶¶Mañana hay reunión.
""",
    "pt": """
- ⟦De acordo com o jornal Público|Público⟧, a auditoria detetou falhas graves no hospital.
- A ministra vai demitir-se, ⟦avançou a SIC Notícias|SIC⟧.
- O navio foi apreendido em Odessa, ⟦noticia a Interfax, citando a TASS|Interfax+TASS=via⟧.
- "Não há perigo para a população", ⟦disse à agência Lusa|Lusa⟧ fonte da Proteção Civil.
- Lisboa, 3 mar 2021 ⟦(Lusa)|Lusa=credits⟧ – O Governo aprovou hoje o novo estado de emergência.
- A TVI foi multada pelo regulador em 30 mil euros por causa de um programa da manhã.
- Segundo a PSP, o homem fugiu do local a pé.
- O Papa chegou a Fátima.¶¶Foto: Tiago Petinga/Lusa¶¶Milhares esperavam por ele.
- A greve continua.¶¶Leia também: Expresso revela novos documentos¶¶Amanhã há nova reunião.
""",
    "it": """
- ⟦Secondo il quotidiano La Stampa|La Stampa⟧, l'accordo tra i due gruppi è vicino.
- Il leader dell'opposizione è stato arrestato, ⟦riferisce l'agenzia Ansa|ANSA⟧.
- La nave è bloccata nel porto, ⟦scrive Interfax citando la Tass|Interfax+TASS=via⟧.
- «Non lascio», ⟦ha detto al Corriere della Sera|Corriere della Sera⟧ il sindaco.
- ⟦(AGI)|AGI=credits⟧ - Roma, 3 mar. - Il Consiglio dei ministri ha approvato il decreto.
- La Rai ha presentato ieri i palinsesti della prossima stagione.
- Secondo i carabinieri, l'uomo viaggiava senza patente.
- Il Papa è in Iraq.¶¶Foto: ANSA/Vatican Media¶¶Lunedì torna a Roma.
- Lo sciopero continua.¶¶Leggi anche: Il Fatto Quotidiano rivela il contratto¶¶Domani l'incontro.
""",
    "nl": """
- ⟦Volgens het Britse dagblad The Guardian|The Guardian⟧ wist het bedrijf al jaren van het lek.
- De topman vertrekt per direct, ⟦meldt Het Financieele Dagblad|Het Financieele Dagblad⟧.
- Het schip ligt vast in Odessa, ⟦schrijft Interfax op gezag van TASS|Interfax+TASS=via⟧.
- "We gaan in beroep", ⟦zegt hij tegen de NOS|NOS⟧.
- DEN HAAG ⟦(ANP)|ANP=credits⟧ - Het kabinet trekt een miljard euro uit voor de jeugdzorg.
- De NOS stopt volgend jaar met het programma op zaterdagavond.
- Volgens de politie reed de man veel te hard.
- De brug is weer open.¶¶Foto: ANP / Robin van Lonkhuijsen¶¶Vrijdag volgt de laatste inspectie.
- De staking duurt voort.¶¶Lees ook: Waarom de Volkskrant de naam wél noemde¶¶Morgen is er overleg.
""",
    "pl": """
- ⟦Jak podała agencja Reutera|Reuters⟧, rozmowy w Genewie zakończyły się fiaskiem.
- Minister poda się do dymisji, ⟦pisze „Rzeczpospolita”|Rzeczpospolita⟧.
- Statek utknął w porcie, ⟦podaje Interfax, powołując się na TASS|Interfax+TASS=via⟧.
- – Nie ma zagrożenia dla mieszkańców – ⟦powiedział PAP|PAP⟧ rzecznik straży pożarnej.
- Rząd przyjął we wtorek projekt budżetu na przyszły rok. ⟦(PAP)|PAP=credits⟧
- TVN został ukarany grzywną za reportaż sprzed dwóch lat.
- Według policji kierowca był pijany.
- Most jest zamknięty.¶¶Fot. Kacper Pempel / Reuters¶¶Ruch wróci w piątek.
- Strajk trwa.¶¶Czytaj także: „Gazeta Wyborcza” ujawnia nowe nagrania¶¶Jutro kolejne spotkanie.
""",
    "ru": """
- ⟦По данным агентства Bloomberg|Bloomberg⟧, сделка сорвалась в последний момент.
- Чиновник задержан в аэропорту, ⟦сообщает РИА Новости со ссылкой на МВД|RIA Novosti⟧.
- Судно задержано в порту, ⟦передает «Интерфакс» со ссылкой на ТАСС|Interfax+TASS=via⟧.
- Завод остановлен до осени. ⟦Об этом пишет газета «Ведомости»|Vedomosti⟧.
- МОСКВА, 3 марта. ⟦/ТАСС/|TASS=credits⟧. Правительство утвердило новый порядок выплат.
- Телеканал «Дождь» признан иностранным агентом и лишился рекламодателей.
- По данным полиции, водитель скрылся с места аварии.
- Мост закрыт.¶¶Фото: Сергей Бобылев/ТАСС¶¶Движение откроют в пятницу.
- Забастовка продолжается.¶¶Читайте также: «Коммерсантъ» узнал о новом законе¶¶Завтра встреча.
""",
    "uk": """
- ⟦Як пише The Guardian|The Guardian⟧, компанія знала про витік кілька років.
- Угоду підпишуть у вівторок. ⟦Про це повідомляє агентство Reuters із посиланням на
  джерела|Reuters⟧.
- Судно затримали, ⟦повідомляє «Інтерфакс-Україна» з посиланням на
  Укрінформ|Interfax-Ukraine+Ukrinform=via⟧.
- Загрози немає, розповів ⟦у коментарі Суспільному|Suspilne⟧ речник рятувальників.
- ⟦КИЇВ. 3 березня. УНН|UNN=credits⟧. Уряд ухвалив новий порядок виплат переселенцям.
- Телеканал «Інтер» оштрафували за порушення мовного закону.
- За даними поліції, водій утік з місця аварії.
- Міст закритий.¶¶Фото: Укрінформ¶¶Рух відновлять у п'ятницю.
- Страйк триває.¶¶Читайте також: «Українська правда» дізналася про новий закон¶¶Завтра зустріч.
""",
}

OPEN = {
    "en": """
- He would “never resign”, he ⟦told the Daily Telegraph|The Telegraph⟧ in an interview.
- Two ministers will leave the cabinet, ⟦the British tabloid The Sun claimed on Sunday|The Sun⟧.
- The bank is to cut 9,000 jobs. ⟦The newspaper said|Handelsblatt⟧ the plan was final, ⟦Handelsblatt
  reported on Friday|Handelsblatt⟧.
- The rebels have left the town.¶¶This article was ⟦originally published by The
  Conversation|The Conversation=credits⟧.
- ⟦By Matthew Lee, Associated Press|AP=credits⟧¶¶The envoy flew home on Friday.
- The Medical Examiner said the driver had been drinking; American Express declined to comment.
- The Palestinian Authority (PA) condemned the raid. The PA said two people were killed.
""",
    "de": """
- „Wir schaffen das“, ⟦sagte die Ministerin am Montag der Deutschen Presse-Agentur|dpa⟧.
- Der Verein trennt sich vom Trainer. ⟦Das meldet die „Bild“-Zeitung|Bild⟧.
- ⟦Laut einem Bericht des „Spiegel“|Der Spiegel⟧ wusste das Ministerium früh Bescheid.
- ⟦Gemäß der Agentur Reuters|Reuters⟧ verhandeln beide Seiten weiter.
- Ein Sprecher des Senders sagte der Presse, das Haus prüfe den Fall.
- Der Auftrag lief über den Suezkanal und über CNN wurde viel gelacht.
- ⟦Quelle: ntv.de|n-tv=credits⟧
""",
    "fr": """
- « Nous irons jusqu'au bout », ⟦a déclaré le syndicaliste jeudi à l'AFP|AFP⟧.
- ⟦Le quotidien britannique The Times rapporte que|The Times⟧ deux ministres vont démissionner.
- Le groupe supprimera 900 postes, ⟦croit savoir le journal Les Échos|Les Échos⟧.
- ⟦D'après des informations du Parisien|Le Parisien⟧, l'enquête touche à sa fin.
- La Croix-Rouge a annoncé l'envoi de deux équipes médicales.
- ⟦Avec AFP|AFP=credits⟧
- Le ministre ⟦a déclaré à la presse|(unnamed media)⟧ que le texte serait voté avant l'été.
""",
    "es": """
- «Iremos hasta el final», ⟦declaró el sindicalista este jueves a la agencia Efe|EFE⟧.
- ⟦El diario británico The Times informó que|The Times⟧ dos ministros dimitirán.
- ⟦En una entrevista con la BBC|BBC⟧, el presidente descartó nuevas elecciones.
- ⟦De acuerdo con el portal Infobae|Infobae⟧, la investigación está casi cerrada.
- American Express y la Cruz Roja enviaron ayuda a los damnificados.
- ⟦Fuente: Europa Press|Europa Press=credits⟧
- La agencia tributaria señaló que revisará 3.000 expedientes.
""",
    "pt": """
- "Vamos até ao fim", ⟦afirmou o sindicalista esta quinta-feira à TSF|TSF⟧.
- ⟦O jornal britânico The Times noticiou que|The Times⟧ dois ministros vão sair.
- ⟦Em entrevista à RTP|RTP⟧, o presidente afastou novas eleições.
- ⟦Segundo o portal G1|G1⟧, a investigação está quase concluída.
- A agência espacial informou que o foguetão foi lançado sem problemas.
- ⟦Com informações da Reuters|Reuters=credits⟧
- O Expresso da Meia-Noite parte da estação às 23h50.
""",
    "it": """
- «Andremo fino in fondo», ⟦ha dichiarato il sindacalista giovedì all'Ansa|ANSA⟧.
- ⟦Il quotidiano britannico The Times scrive che|The Times⟧ due ministri si dimetteranno.
- ⟦In un'intervista a «Repubblica»|la Repubblica⟧, il presidente ha escluso nuove elezioni.
- ⟦Stando a quanto riferisce l'agenzia Adnkronos|Adnkronos⟧, l'inchiesta è quasi chiusa.
- L'agenzia spaziale ha detto che il razzo è partito senza problemi.
- ⟦Fonte: Ansa|ANSA=credits⟧
- Il tempo scrive le sue regole, dice un vecchio proverbio.
""",
    "nl": """
- "We gaan tot het einde", ⟦zei de vakbondsleider donderdag tegen het ANP|ANP⟧.
- ⟦De Britse krant The Times meldt dat|The Times⟧ twee ministers opstappen.
- ⟦In een interview met de Volkskrant|de Volkskrant⟧ sloot de president verkiezingen uit.
- ⟦Dat schrijft persbureau Bloomberg vrijdag|Bloomberg⟧.
- Het ruimteagentschap meldt dat de raket zonder problemen is gelanceerd.
- ⟦Bron: ANP|ANP=credits⟧
- De burgemeester zei tegen de pers dat de brug in mei opengaat.
""",
    "pl": """
- – Idziemy do końca – ⟦powiedział związkowiec agencji Reutera|Reuters⟧.
- ⟦Brytyjski dziennik The Times podał, że|The Times⟧ dwóch ministrów odejdzie.
- ⟦W rozmowie z Onetem|Onet⟧ prezydent wykluczył nowe wybory.
- ⟦Jak ustalił portal Wirtualna Polska|Wirtualna Polska⟧, śledztwo dobiega końca.
- Rzecznik agencji kosmicznej poinformował, że start się udał.
- ⟦Źródło: PAP|PAP=credits⟧
- Policja podała, że zatrzymano dwie osoby.
""",
    "ru": """
- «Мы пойдем до конца», — сказал профсоюзный лидер ⟦в интервью «Медузе»|Meduza⟧.
- ⟦Британская газета The Times сообщила, что|The Times⟧ два министра уйдут в отставку.
- ⟦Как пишет «Новая газета»|Novaya Gazeta⟧, следствие почти завершено.
- Завод продан, ⟦сообщили «Коммерсанту»|Kommersant⟧ два источника на рынке.
- Космическое агентство сообщило, что запуск прошел успешно.
- ⟦Источник: Интерфакс|Interfax=credits⟧
- Судно прошло через канал, Позже агентство подтвердило аварию.
""",
    "uk": """
- «Ми підемо до кінця», — сказав профспілковий лідер ⟦в інтерв'ю BBC|BBC⟧.
- ⟦Британська газета The Times повідомила, що|The Times⟧ два міністри підуть у відставку.
- ⟦За інформацією «Української правди»|Ukrainska Pravda⟧, слідство майже завершене.
- Завод продано, ⟦повідомили Укрінформу|Ukrinform⟧ в обласній адміністрації.
- Космічне агентство повідомило, що запуск відбувся успішно.
- ⟦Джерело: Укрінформ|Ukrinform=credits⟧
- Судно пройшло через канал Сен-Мартен без затримок.
""",
}

FORMS = {"line": "credits", "second-hand": "via", "link": "links"}
MARKED = re.compile(r"⟦([^|⟧]*)\|([^⟧]*)⟧")


def cases(table: dict[str, str]) -> list[tuple[str, str]]:
    """Every sentence of a table with its language, lines joined."""
    return [
        (language, " ".join(item.split()).replace("¶", "\n"))
        for language, items in table.items()
        for item in re.split(r"^- ", items, flags=re.MULTILINE)[1:]
    ]


def unmarked(sentence: str) -> tuple[str, list[tuple[str, str, str]]]:
    """The text without its marks; and the phrase, outlet and role of each mark."""
    wanted = []
    for phrase, outlets in MARKED.findall(sentence):
        for item in outlets.split("+"):
            outlet, _, role = item.partition("=")
            wanted.append((phrase, outlet, role))
    return MARKED.sub(r"\1", sentence), sorted(wanted)


def found_in(language: str, text: str) -> list[tuple[str, str, str]]:
    """The phrase, outlet and form (none in words) of every attribution to an outlet."""
    found = attributions(prepare(Article("a", text, language=language)))
    return sorted(
        (
            text[a.begin : a.end],
            a.outlet,
            "self" if a.role == "self" else "" if a.in_words else FORMS[a.form],
        )
        for a in found
        if a.kind == "outlet" and a.role in ("origin", "cites", "self")
    )


@pytest.mark.parametrize(("language", "sentence"), [*cases(FROZEN), *cases(OPEN)])
def test_a_sentence_attributes_what_is_marked_in_it_and_nothing_else(
    language: str, sentence: str
) -> None:
    """Exact phrase, outlet and role."""
    text, wanted = unmarked(sentence)
    assert found_in(language, text) == wanted
