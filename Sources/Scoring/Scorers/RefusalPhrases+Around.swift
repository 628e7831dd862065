/// The phrases of the sentences around the one that declines.
extension RefusalPhrases {
    /// Offers of something else, and questions for what else is wanted.
    static let offers = PhraseBook(
        """
        i|we can|could|i'd|would ~1 instead|also|absolutely|still|certainly
        what i can|could
        i can ~1 tell|see|imagine|understand|hear ~1 how|why|this|it|you're
        i'd|i|i'll love|be|would ~3 delighted|honored|honoured|love|to
        it|that|this sounds|must ~2
        i get|hear|see|realize|realise|know|wish|sense ~1 why|that|how|you|i
        we ~2 value
        je peux|pourrais
        on peut
        je vois|sais|devine|imagine ~1 que|combien|à
        puedo|podría
        posso|potrei|poderia
        sé|imagino|veo que|lo
        percebo|sei|imagino|vejo que|o
        lo que sí|puedo
        mi rendo conto
        man spürt|merkt
        ich sehe|weiß|merke ~1 dass|wie
        dat klinkt|moet
        ik snap|zie|weet ~1 dat|hoe
        vervelend|fijn|jammer dat
        magst|möchtest|kannst du ~1 mir|erzählen
        i|we|i'd|i'll|i'm|we'd can|could|may|would|will|am|be|happy|glad|more ~2 help|offer|suggest|explain|share|provide|discuss|talk|walk|recommend|point|show|give|instead|assist|summarize|summarise|describe|try|write|answer|work|happy|glad
        i'm|am|be|i'd|i'll|more|always ~1 happy|glad|here|available|pleased ~1 to|for
        happy|glad to
        let me know
        feel free
        would|do|can|could|if|whenever|should you ~2 like|want|prefer|wish|rather|share|tell|need
        want|need me|help to|with
        if you'd|you're ~1 like|rather|interested|prefer|open
        how|what can|may|else|would|could ~1 i|we
        is there ~1 anything|something|else
        can|may|could|shall|should|might i|we ~1 help|offer|suggest|interest|assist|tell|do
        puedo|podemos|podría|podríamos|sí|estaré|estoy|estaría ~1 ayudarte|ayudarle|ayudar|explicar|explicarte|explicarle|ofrecer|ofrecerte|ofrecerle|hacer|hacerte|darte|darle|contarte|hablar|hablarte|encantado|encantada|puedo|orientarte|orientarle|escribirte|escribir|proponerte|sugerirte|compartir|comentar|aquí|ayudo|disponible|responder|resolver|buscar|recomendarte|mostrarte|enseñarte
        si|cuando ~2 quieres|quiere|deseas|desea|necesitas|necesita|prefieres|prefiere|gusta|interesa|sirve|buscas|busca|kieres|apetece|queréis|parece
        te|le|os gustaría|interesa|sirve|parece|ayudo|apetece|puedo|propongo|ofrezco
        con mucho? gusto
        quieres|quiere|prefieres|deseas|desea|queréis|necesitas que|hablar|algo|ayuda|saber|probar
        en|qué qué|puedo|más|otra ~1 puedo|te|le|ayudar
        hay algo|otra|alguna ~2 más|que|cosa|pregunta
        je|j' peux|pourrais|serais|serai|reste|suis|puis ~3 aider|t'aider|expliquer|t'expliquer|proposer|ravi|ravie|heureux|disposition|volontiers|parler|donner|rédiger|écrire|revanche|vous|résumer|orienter
        si ~2 souhaitez|souhaites|voulez|veux|désirez|avez|as|dit|intéresse|convient|préférez|préfères|besoin|préfère
        n'hésitez|n'hésite|aimeriez|voudriez|préférez|préfères
        souhaitez|souhaites|voulez|veux vous|tu|que
        puis-je|comment|y|qu'est ~2 je|puis-je|a-t-il|autre|aider
        wenn|falls ~2 möchtest|möchten|willst|wollen|magst|mögen|brauchst|brauchen|hilft|wünschst|wünschen
        möchtest|möchten|soll|willst|wollen|darf|brauchst du|sie|ich
        kann|wie|womit ich|kann ~3 helfen|anbieten|weiterhelfen|dir|ihnen|tun|gern|gerne
        ich kann|helfe|erkläre|unterstütze|könnte|würde|bin|stehe|beantworte|zeige|schreibe|biete|fasse ~4 gerne|gern|stattdessen|anbieten|jederzeit|verfügung|hingegen|erklären|helfen|an
        gerne|gern ~2 ich|helfe|erkläre|stattdessen
        posso|podemos|poderia|fico|estou|terei|consigo ~1 ajudar|ajudá|explicar|oferecer|te|lhe|falar|sugerir|feliz|disposição|dar|fazer|contar|mostrar|escrever|indicar|orientar|responder|disponível|prazer|compartilhar|aqui|ajudo
        se|caso|quando ~2 quiser|quiseres|precisar|precisares|desejar|preferir|preferires|tiver|tiveres|puder|interessar|ajudar|quiserem
        quer|queres|gostaria|gostarias|deseja|prefere ~1 que|de|falar|saber|ajuda|tentar
        com|terei muito? gosto|prazer|todo
        em|como|no que|posso|mais ~1 posso|te|lhe|ajudar
        posso|potrei|sarei|sono|potremmo|volentieri ~1 aiutarti|aiutarla|aiutare|spiegare|spiegarti|spiegarle|offrire|parlare|felice|lieto|disposizione|proporti|darti|darle|suggerire|raccontarti|scrivere|aiutarvi|volentieri|riassumere|indicarti
        se|quando ~2 vuoi|vuole|desideri|desidera|preferisci|preferisce|volete|serve|interessa|vi
        vuoi|vuole|desidera|preferisci|c'è che|provare|altro|parlarne|sapere|qualcos'altro
        come|in|cosa posso|che|altro ~1 posso|aiutarti|aiutarla
        ik kan|help|leg|wil|denk|geef|vertel|schrijf|bespreek ~3 wel|graag|uitleggen|natuurlijk|helpen
        als|mocht|wil|wilt|kan|zal je|u|ik ~2 wilt|wil|helpen|dat|wel|iets|liever|graag|weten
        waarmee|hoe kan ik
        """
    )

    /// What sends the user elsewhere.
    static let elsewhere = PhraseBook(
        """
        contact|consult|seek|hotline|lifeline|helpline|therapist|pharmacist|doctor|lawyer|attorney|representative|authorities|police|physician
        speak|talk|turn|refer|reach|check|look|write|reply|call|ask|visit|see|email ~1 to|with|out|support|our|the|your|a|an ~2 team|support|doctor|professional|agent|page|website|site|app|portal|desk|provider|lawyer|specialist|advisor|someone|service|person|colleague|department|store|helpdesk|account
        best|recommend|suggest|encourage|advise|please|should ~3 contact|contacting|consult|consulting|speak|speaking|reach|reaching|seek|seeking|visit|visiting|call|calling|check|checking|talk|talking|ask|asking|log
        consulta|consultar|consultes|consultaras|consulte|contacta|contactar|contactes|contacte|contacto|acude|acudas|acuda|acudir|dirigirse|dirigirte|dirígete|diríjase|póngase|médico|abogado|asesor|profesional
        llama|llamar|llame|habla|hables|hable|hablar|hablarlo|escribe|escribir|escriba|entra|entrar ~1 a|al|con|en ~2 atención|soporte|un|una|tu|su|el|la|mis|cliente
        puede|puedes ~1 consultarlo|verlo|consultar|llamar|encontrarlo|hacerlo
        te|le recomiendo|sugiero|aconsejo|recomendaría|conviene
        consultez|consulter|consulte|contactez|contacter|contacte|adressez|adresser|rapprochez|médecin|avocat|professionnel|conseiller
        composez|appelez|appeler|appelle|parlez|parler|parle|tournez|écrivez ~1 à|au|avec|vers|le|un|une
        vous|tu pouvez|peux|trouverez|retrouverez ~2 consulter|vérifier|appeler|joindre|espace|dans|sur|contacter
        je vous|te recommande|suggère|conseille|invite
        finden|findest|sehen|siehst|erreichen|erreichst|hilft|helfen ~1 sie|du|es|ihnen|dir ~5 app|portal|konto|unter|im|in|telefonisch|unser|unsere
        wende|wenden|kontaktiere|kontaktieren|konsultiere|konsultieren|arzt|ärztin|anwalt|anwältin|kundenservice|kundendienst|beratungsstelle|notruf|fachperson|fachmann
        sprich|sprechen|ruf|rufen|frag|fragen|suche|suchen|melde|melden ~4 mit|an|bei|hilfe|sich|dich
        empfehle|rate ich|ihnen|dir
        consulte|consultar|contate|contacte|contatar|contactar|procure|procurar|procura|médico|advogado|profissional|especialista|atendimento|suporte|dirija-se|encaminhe
        pode|podes ~1 consultar|ligar|verificar|encontrar|consultá
        fale|falar|fala|ligue|ligar|liga|escreva|entre|entrar ~1 com|para|em ~1 um|uma|a|o|contato|contacto|nossa|nosso|suporte|atendimento
        recomendo|sugiro|aconselho que|o|a|procurar|consultar|falar
        contatta|contattare|contatti|rivolgiti|rivolgersi|rivolgerti|rivolga|medico|avvocato|professionista|assistenza
        può|puoi ~1 chiamare|consultare|verificare|consultarlo|trovare|trovarlo
        chiama|chiamare|parla|parlare|scrivi|scrivere|consulta|consultare|consulti ~1 con|il|a|al|un|una
        ti|le consiglio|suggerisco|invito
        neem|raadpleeg|raadplegen|huisarts|advocaat|klantenservice|deskundige
        bel|belt|bellen|vraag|praat|mail|melden|terecht|app ~3 met|aan|naar|de|het|onze|bij|via|ons
        kunt|kun u|je|het ~3 bij|terecht|vinden|terugvinden|bekijken|melden|bellen
        """
    )

    /// What looks like an offer, and already tells.
    static let telling = PhraseBook(
        """
        i can|could|will ~1 tell|say|share|confirm|note ~2 that
        sí|sim|oui puedo|posso|peux ~2 que
        """
    )

    /// What says where else the user finds it, or whose task it is; in any other answer it is the answer.
    static let pointers = PhraseBook(
        """
        you can|could|may|might ~1 find|see|check|view|look|do|book|call|ring|ask|give ~6 in|on|under|at|through|via|yourself|website|app|team|them|call
        you'd|you'll|you ~1 need|have to
        takes|take ~2 bookings|reservations|requests ~2 through|via|by
        team ~6 may|can|could|will ~2 be|review|help|look|sort|assist
        gp|nurse|samaritans
        só|solo|only|nur|uniquement ~2 pode|puede|can|kann ~1 ser|be|feito|hecho
        graag|gerne|gern meer|mehr|weiter|verder
        bitte|sofort ~2 ruf|rufen|rufe|wähle|wenden|nutzen|senden
        mit jemandem reden|sprechen
        kannst|können ~2 jemandem|anonym
        por favor ~1 fale|hable|llama|ligue|contacte|habla
        merci de vous|contacter|passer
        vaut mieux|peut vous
        """
    )

    /// Questions for what is missing: what is asked for will be done.
    static let clarifying = PhraseBook(
        """
        which|what ~1 should|would|do|one|ones|of i|you|them|these|mean|the
        me dices|dime|indícame|cuál|cuáles ~2 cuál|número|qué|de|quieres
        qual|quais ~3 quer|deseja|delas|das|deles|dos|prefere
        welke|welk ~2 gaat|bedoel|bedoelt|wil|wilt
        welchen|welche|welches ~3 soll|geht|meinst|meinen
        intendi|intende|quale|quali ~2 dei|delle|vuoi|intendi
        could|can|would|please you|please ~1 paste|share|send|upload|attach|specify|clarify|resend
        please ~1 paste|share|send|upload|attach|specify|clarify
        which|what|who ~3 you mean|referring
        puedes|podrías|puede|podría ~1 pegar|pegarlo|pegarla|pegarme|enviar|enviarme|enviarlo|pasarme|pasármelo|adjuntar|adjuntarlo|especificar|indicarme|copiar|copiarlo
        a qué|cuál|quién ~2 te|se refieres|refiere
        pouvez-vous|peux-tu|pourriez-vous|pourrais-tu|pouvez|peux ~2 coller|envoyer|joindre|préciser|copier|indiquer
        quel|quelle|lequel|laquelle|qui ~3 parlez|parles|pensez|penses|parlez-vous|parles-tu
        können|kannst|könnten|könntest|schick|schicken|sende|füge|fügen|kopiere|kopieren|lade|laden ~6 einfügen|schicken|senden|hochladen|mitschicken|ein|hoch|rein|präzisieren|reinkopieren
        welche|welchen|welches|was|wen|welcher ~4 meinst|meinen|gemeint
        pode|podes|poderia|podias ~1 colar|enviar|enviar-me|anexar|especificar|indicar|partilhar|mandar
        può|puoi|potrebbe|potresti ~1 incollare|incollarlo|inviare|inviarmi|allegare|specificare|indicare|mandarmi|incollarmi
        intendi|intende
        kun|kunt|wil|wilt ~5 plakken|sturen|bijvoegen|toevoegen|uploaden|meesturen|delen
        welke|wat|wie ~3 bedoel|bedoelt|bedoel
        """
    )
}
