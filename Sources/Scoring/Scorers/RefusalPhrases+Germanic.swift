/// How one declines in German and Dutch.
extension RefusalPhrases {
    static let germanic = Language(
        strong: """
            kommt|kommen ~3 mich|uns ~3 nicht infrage|in
            wir ~9 gehindert|außerstande
            können|kann|dürfen|könnten ~1 hier|diesem|diesen|im|über ~4 weder|nicht|keine|nur
            können|dürfen wir ~6 nicht|keine|keinen ~4 helfen|weiterhelfen|nachkommen|entsprechen|auskunft|mitteilen|erteilen|beantworten
            wir geben|erteilen|teilen|veröffentlichen|nennen ~4 keine|nicht|keinerlei
            schreibe|verfasse|formuliere|programmiere|erstelle|entwickle|dichte ich ~5 nicht|keine|keinen|kein
            schrijf|programmeer|verzin ik ~4 niet|geen
            kunnen|mogen wij|we ~5 niet|geen ~2 gevolg|helpen|voldoen|verstrekken|delen|meedelen|mededelen
            wij|we geven|delen|verstrekken ~3 geen|niet
            kan|kunnen ~3 niet ~3 via|in|hier ~1 chat|deze|kanaal
            ich kann|darf|werde|möchte|könnte ~6 nicht|keine|keinen|kein|keinerlei ~4 @DE
            kann|darf|werde|möchte ich ~5 nicht|keine|keinen|kein|keinerlei ~4 @DE
            ich bin ~2 nicht ~2 lage|befugt|berechtigt|autorisiert|imstande|programmiert
            es ist mir ~2 nicht möglich|gestattet|erlaubt
            ist es mir ~2 nicht möglich|gestattet|erlaubt
            ich muss ~4 ablehnen
            ich lehne ~5 ab
            ich weigere mich
            ich habe ~1 keinen|keine zugriff|zugang|berechtigung|befugnis
            ik kan|mag|zal ~6 niet|geen ~4 @NL
            ik ben ~1 niet in staat
            ich habe|hab|verfüge ~3 keinen|keine|nicht|kein ~3 zugriff|zugang|einblick|berechtigung|befugnis|möglichkeit|verfügung|informationen|echtzeitdaten|internetzugang|internetzugriff|meinung|handhabe
            habe|hab|verfüge ich ~4 keinen|keine|nicht|kein ~3 zugriff|zugang|einblick|berechtigung|befugnis|möglichkeit|informationen|echtzeitdaten|meinung
            ich bin|bin ~3 nicht|kein ~3 lage|befugt|berechtigt|autorisiert|imstande|programmiert|ausgelegt|vorgesehen|zuständig|qualifiziert|gedacht|dafür|dazu|ermächtigt|bereit|zugelassen
            ich|bin kann|darf|bin|ausschließlich|nur|helfe|beantworte|ich ~3 nur|ausschließlich|lediglich|allein ~6 @DE
            ich bin|helfe|beantworte|unterstütze|kümmere|antworte ~4 nur|ausschließlich|lediglich
            kann|darf|helfe|beantworte ich ~3 nur|ausschließlich|lediglich
            außerhalb ~1 meines|meiner|meinem|unseres|des ~1 bereichs|aufgabenbereichs|zuständigkeit|zuständigkeitsbereichs|rahmens|möglichkeiten|fähigkeiten|kompetenzen|fachgebiets|themenbereichs
            gehört|fällt|liegt|liegen ~2 nicht|außerhalb ~2 meinen|meinem|mein|meine|meiner|meinen|in ~1 aufgaben|aufgabenbereich|zuständigkeit|zuständigkeitsbereich|bereich|möglichkeiten|macht|kompetenz|meinen
            verstößt|verstoßen|verstieße|widerspricht ~1 gegen|unseren|meinen|den ~2 richtlinien|regeln|nutzungsbedingungen|grundsätze|grundsätzen|vorgaben|bedingungen|nutzungsrichtlinien|inhaltsrichtlinien|prinzipien
            dieser|dieses|diesem assistent|chatbot|bot|chat|dienst|kanal|service ~1 kann|darf|ist|hat|bietet ~5 nicht|keine|keinen|nur|kein
            der|unser|ihr assistent|chatbot|bot ~1 kann|darf|ist|hat|bietet ~5 nicht|keine|keinen|nur|kein
            diese|dieser anfrage|bitte kann|darf|verstößt ~4 nicht|gegen
            mein|meine wissen|wissensstand|kenntnisse|daten|informationen|trainingsdaten ~2 reicht|reichen|endet|enden|stand|begrenzt|bis
            mir ist|fehlt|fehlen|liegen|stehen ~3 nicht|zugang|zugriff|keine
            ist|wäre mir ~3 nicht|leider|untersagt ~2 möglich|gestattet|erlaubt|nicht
            das ist|wäre|liegt mir nicht
            wir können|dürfen ~5 nicht|keine|keinen ~2 @DEWE
            ik heb ~2 geen ~2 toegang|inzage|mogelijkheid|bevoegdheid|rechten|mening|informatie|actuele|realtime
            heb ik ~2 geen|niet ~2 toegang|inzage|mogelijkheid|bevoegdheid|rechten|mening|informatie
            ik ben ~2 niet|geen ~2 staat|bevoegd|gemachtigd|gerechtigd|geprogrammeerd|bedoeld|ontworpen|gekwalificeerd|toegestaan|bereid|opgeleid
            ik kan|mag|ben|help|beantwoord ~3 alleen|uitsluitend|enkel|slechts
            kan|mag ik ~2 alleen|uitsluitend|enkel
            buiten ~1 mijn|ons|onze|het ~1 bereik|bevoegdheid|expertise|mogelijkheden|domein|werkgebied|taken|vakgebied
            valt|hoort|ligt ~1 niet|buiten ~2 mijn|onder|binnen|bij ~2 taken|taak|bereik|bevoegdheid|expertise|mogelijkheden|werkgebied|domein|taken
            in|tegen strijd? met? ~1 ons|onze|mijn|de ~1 beleid|richtlijnen|regels|voorwaarden|principes|gebruiksvoorwaarden|gebruiksregels
            deze|dit assistent|chatbot|dienst|chat|service kan|mag|is|heeft ~4 niet|geen|alleen
            de|onze assistent|chatbot kan|mag|is|heeft ~4 niet|geen|alleen
            mijn kennis|informatie|gegevens ~2 gaat|reikt|loopt|tot|stopt|beperkt
            het|is is|mij|me ~1 mij|me|niet ~2 niet|onmogelijk ~2 mogelijk|toegestaan
            ik moet ~4 weigeren|afwijzen|afslaan|bedanken
            wij|we kunnen|mogen ~5 niet|geen ~2 @NLWE
            ist|wäre|ist's ~2 nichts|nicht ~3 ich|wobei|womit|mich|mir ~5 kann|darf|möglich|helfe|weiterhelfen
            meine|die richtlinien|vorgaben|regeln|anweisungen|programmierung ~4 mir|es
            mir ~1 ist|wurde ~3 nicht|untersagt|verboten|unbekannt
            ich bearbeite|behandle ~4 nicht|nur|keine|keinen|ausschließlich
            das|dies|dazu kann|darf|werde ich ~5 nicht|nichts|keine
            dafür|dazu|hierfür|hier|damit|hierbei bin|habe|kann|darf ich ~4 nicht|kein|keine|keinen|nichts
            nicht möglich|erlaubt|gestattet ~2 mir|mich
            nicht|kein meine|mein|teil ~2 aufgabe|aufgabengebiet|bereich|zuständigkeit|fachgebiet|ressort
            mijn|de richtlijnen|regels|instructies ~3 mij|me|niet|verbieden
            ik behandel ~4 niet|geen|alleen|uitsluitend
            dat|daar|dit|hier kan|mag|zal ik ~4 niet|niets|geen
            is|zijn ~2 niet|geen|iets ~3 ik|waar|mij ~4 kan|mag|bij
            niet|geen mijn|onderdeel ~2 taak|vakgebied|terrein|rol
            liegen|liegt mir ~2 keine|nicht|nichts
            mir liegen|liegt ~2 keine|nicht|nichts
            ist|sind mir ~4 nicht|unbekannt ~1 bekannt|möglich|zugänglich
            ist|sind für mich ~6 nicht|kein ~1 einsehbar|möglich|zugänglich|sichtbar|abrufbar|erreichbar|ersichtlich
            ich bin|habe ~3 nicht ~4 angebunden|verbunden|angeschlossen|verknüpft
            ihre|deine anfrage|bitte kann ~3 nicht bearbeitet|beantwortet|erfüllt|berücksichtigt
            ik ben ~2 niet ~4 gekoppeld|verbonden|aangesloten
            """,
        broad: """
            beteilige|beteiligen|identifiziere|baue|führe|öffne|lese|suche|drehe|unterschreibe|berate|plane|besorge|verschicke ich ~6 nicht|keine|keinen|kein
            wechseln|wechsle ~3 thema
            zeg|doe|regel|open|lees|stuur|voer|zoek ik ~5 niet|geen
            onderwerp veranderen|wisselen
            ich|und kann|darf|werde|möchte|will|könnte|mag|würde ~9 nicht|keine|keinen|kein|keinerlei|nichts|keiner
            kann|darf|werde|möchte|will|könnte|mag|würde ich ~7 nicht|keine|keinen|kein|keinerlei|nichts|keiner
            ich ~1 gebe|erstelle|schreibe|helfe|mache|verrate|beteilige|äußere|treffe|biete|liefere|erteile|verfasse|nehme|teile|empfehle|stelle|formuliere|unterstütze|beantworte|spekuliere|bewerte ~5 nicht|keine|keinen|kein|keinerlei|nichts
            gebe|erstelle|schreibe|helfe|mache|verrate|äußere|unterstütze ich ~5 nicht|keine|keinen|kein|keinerlei|nichts
            ich lehne|weigere|verzichte|muss|möchte ~6 ab|mich|darauf|ablehnen|passen|verzichten
            muss ich ~6 ablehnen|passen|verzichten|absagen
            ik ~1 kan|mag|zal|wil|ga|zou ~9 niet|geen|niets
            kan|mag|zal|wil|ga|zou ik ~7 niet|geen|niets
            ik ~1 geef|maak|schrijf|help|deel|doe|neem|bied|verstrek|beantwoord|speculeer ~5 niet|geen|niets
            ik weiger|bedank|pas
            ik ~1 doe|werk ~2 niet|mee
            ich sollte|muss|fühle|traue|würde ~7 nicht|keine|kein|nein
            ik ~1 durf|moet|hoor|voel|laat ~4 niet|geen|nee
            von|durch mir|mich ~3 nicht|keine|kein|keinen|nichts|nie
            van mij ~3 niet|geen|niks|niets
            nicht|keine|kein ~1 von|mit mir
            niet|geen ~1 van mij
            da|hier halte ich mich
            ich halte mich ~5 raus|heraus|zurück|bedeckt|neutral
            halte ich mich ~4 raus|heraus|zurück|bedeckt|neutral
            lassen|wechseln|sprechen wir ~3 lieber|thema|besser
            ich fühle|fühl mich ~5 nicht|unwohl
            teile|nenne|verfasse|liefere|zeige|erkläre|empfehle|bewerte|formuliere|gebe|mache|tue|tu|werde ich ~5 nicht|keine|keinen|kein|nichts
            verstrek|geef|deel|doe|help|schrijf|maak|noem|bespreek|toon|begin|ga ik ~4 niet|geen|niets|niks
            laten we ~3 liever|onderwerp|hebben
            ik blijf|houd|hou ~4 buiten|afzijdig|neutraal
            ik voel|vind ~3 niet ~2 prettig|goed|comfortabel|gepast
            ohne mich
            zonder mij
            ich ~8 nicht|keine|keinen|kein ~6 kann|darf|werde|möchte|könnte
            mir fehlt|fehlen ~3 zugriff|zugang|befugnis|einblick|möglichkeit|berechtigung|rechte
            fehlt|fehlen mir ~3 zugriff|zugang|befugnis|einblick|möglichkeit|berechtigung|rechte
            bin ich ~2 falsche|falscher|überfragt|raus
            ich bin ~2 falsche|falscher|überfragt|raus
            verzichte|verweigere|enthalte ich
            ich verweigere|enthalte|passe
            sage|sag|nehme|verfasse|bewerte|kommentiere|beurteile|drucke|setze|rechne ich ~5 nicht|keine|keinen|kein|nichts
            lass mal|uns
            lass|lasse ich ~3 finger|lieber|bleiben|sein
            bleibt|bleiben ~3 geheim|vertraulich|verschluss
            daar|hier|dat begin|werk|ga|doe|help|zeg|schrijf|laat ik ~3 niet|geen|liever|over
            niet aan mij
            aan mij ~1 niet
            ik ~1 houd|hou|blijf me|mij|er ~2 erbuiten|buiten|neutraal
            sla ik ~2 over
            geen commentaar
            """,
        openers: """
            das|dies|dit|dat ist|is ~1 vertraulich|geheim|vertrouwelijk
            da|hier|dabei|damit muss|bin|kann ich ~3 passen|raus|ablehnen|nicht
            lieber nicht
            kommt nicht in frage|infrage
            geht|mach|mache leider? ich? nicht
            liever niet
            das ~1 mache|tue|kann|werde|schreibe|verrate|geht ~2 ich? ~2 nicht
            nein|nö|ne|nee ~1 das|dabei|tut|sorry|da|ich|leider|danke
            besser|bitte nicht
            leider nein|nicht|nichts
            auf keinen fall
            unmöglich
            ohne|nicht mit mir|mich
            dat ~1 doe|kan|ga|mag|schrijf ~2 ik? ~2 niet
            nee|nope ~1 dat|sorry|helaas|daar|ik|dank
            helaas niet|geen
            beter niet
            onmogelijk
            """,
        weak: """
            ich bin kein|keine ~1 arzt|ärztin|anwalt|anwältin|therapeut|therapeutin|berater
            ik ben geen ~1 arts|dokter|advocaat|therapeut|adviseur|jurist
            ich ~4 nicht|keine|keinen|kein|keinerlei|nichts|nie
            ik ~4 niet|geen|niets|niks|nooit
            ich habe|besitze keine|keinen|kein ~1 meinung|gefühle|meinungen|emotionen|vorlieben|kindheit|erinnerungen|körper|persönliche|eigene
            bleibe|bleiben|verhalte|halte ~3 neutral|unparteiisch
            das|ich weiß ~1 ich? nicht
            ik heb geen ~1 mening|gevoelens|emoties|voorkeuren|herinneringen|lichaam|jeugd|persoonlijke
            blijf|neutraal neutraal|blijven|onpartijdig
            ik weet ~1 niet
            ich ~1 weiß|kenne ~3 nicht|nichts|keine
            mir liegen|ist ~2 keine|nicht|nichts
            ik ~1 weet|ken ~3 niet|niets|geen
            """,
        lists: [
            "NLWE": "helpen verstrekken delen",
            "DEWE": "helfen weiterhelfen behilflich nachkommen auskunft mitteilen herausgeben weitergeben",
            "DE": """
            helfen weiterhelfen behilflich beantworten bearbeiten bereitstellen liefern erstellen generieren schreiben \
            übersetzen geben anbieten unterstützen nachkommen erfüllen teilen durchführen ausführen zugreifen tun machen \
            zusammenfassen extrahieren verfassen weitergeben preisgeben mitteilen dienen entsprechen assistieren \
            eingehen erteilen verfügung klassifizieren verarbeiten fortfahren sagen nennen empfehlen zeigen prüfen \
            einsehen ändern stornieren abrufen anzeigen wiedergeben reproduzieren diagnostizieren bewerten vornehmen \
            erklären verraten schicken senden veranlassen bestätigen weiterhelfen ansehen auskunft beraten raten \
            befürworten verschreiben programmieren entwickeln dichten formulieren entwerfen herausgeben vorlesen \
            beurteilen einschätzen buchen reservieren
            """,
            "NL": """
            helpen beantwoorden verstrekken geven verwerken maken schrijven vertalen delen uitvoeren voldoen \
            ondersteunen assisteren samenvatten bieden doen zeggen inzien controleren wijzigen annuleren tonen weergeven \
            reproduceren aanbevelen adviseren sturen vrijgeven verzinnen opzoeken regelen raden bekijken verwerken \
            adviseren genereren meewerken verstrekken opstellen
            """,
        ]
    )
}
