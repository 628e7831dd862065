// How answers decline, by language, and the words around it that decide what it means.
//
// `PhraseBook` says how phrases are written. A strong phrase has a first person (or "this assistant") and what an
// assistant does: help, answer, access, share; or names a scope or a policy. A broad one has only the first person and
// the negation, whatever the verb. A weak one says no more than what the speaker is ("as an AI", "I have no opinions").

enum RefusalPhrases {
    /// The phrases of one or several languages.
    struct Language {
        var strong: String
        var broad: String
        /// Broad ones without a person ("not able to do that"), which count only where a clause begins.
        var openers: String
        var weak: String
        /// The words behind each `@NAME`.
        var lists: [String: String]
    }

    enum Strength: Int, CaseIterable, Comparable {
        case weak
        case broad
        case strong

        static func < (left: Strength, right: Strength) -> Bool { left.rawValue < right.rawValue }
    }

    private static let languages = [english, romance, germanic]
    private static let lists = languages.reduce(into: [:]) { $0.merge($1.lists) { first, _ in first } }
    private static let strong = PhraseBook(languages.map(\.strong).joined(separator: "\n"), lists: lists)
    private static let broad = PhraseBook(languages.map(\.broad).joined(separator: "\n"), lists: lists)
    private static let openers = PhraseBook(languages.map(\.openers).joined(separator: "\n"), lists: lists)
    private static let weak = PhraseBook(languages.map(\.weak).joined(separator: "\n"), lists: lists)

    /// The strongest phrase that begins at a word, and where it ends.
    ///
    /// - Parameters:
    ///   - words: the words of an answer.
    ///   - start: where the phrase begins.
    ///   - opens: whether nothing but apologies stands before it in its clause.
    /// - Returns: nil where no phrase begins there.
    static func match(in words: [Word], at start: Int, opens: Bool) -> (strength: Strength, end: Int)? {
        if let end = strong.matchEnd(in: words, from: start) { return (.strong, end) }
        if let end = broad.matchEnd(in: words, from: start) { return (.broad, end) }
        if opens, let end = openers.matchEnd(in: words, from: start) { return (.broad, end) }
        if let end = weak.matchEnd(in: words, from: start) { return (.weak, end) }
        return nil
    }

    /// Whether a strong phrase stands anywhere in a text.
    static func isIn(_ words: [Word]) -> Bool { strong.isIn(words) }

    // MARK: What else a sentence can be

    /// Words of sentences that greet, thank, apologise or say that they understand.
    static let preamble = wordHashes(
        """
        sorry apologize apologise apologies unfortunately regret thank thanks understand appreciate hello hi hey afraid \
        frustrating regards sincerely \
        siento lamento lamentamos lamentablemente desafortunadamente disculpa disculpe perdón gracias hola entiendo \
        comprendo entendemos agradecemos agradezco saludo saludos \
        désolé désolée navré navrée malheureusement regrette regrettons merci bonjour comprends comprenons excusez \
        cordialement leid leider entschuldigung entschuldige danke hallo verstehe bedauere bedaure bedauern grüße grüßen \
        desculpe desculpa infelizmente obrigado obrigada olá entendo compreendo sinto atenciosamente \
        dispiace purtroppo grazie scusa spiacente capisco ciao cordiali helaas spijt bedankt begrijp
        """
    )

    /// Offers of something else, and questions for what else is wanted.
    static let offers = PhraseBook(
        """
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

    /// Questions for what is missing: what is asked for will be done.
    static let clarifying = PhraseBook(
        """
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

    /// Words of sentences that say why: harm, law, rights, policy, what the speaker is.
    static let reasons = wordHashes(
        """
        harmful harm harms illegal unlawful unethical ethical ethics dangerous danger safety safe policy policies guidelines \
        privacy private confidential copyright copyrighted consent violate violates violation violence violent hate hateful \
        discrimination discriminatory discriminate harassment abuse abusive offensive inappropriate appropriate risk risks \
        malicious responsible respect respectful dignity misinformation disinformation false misleading deceptive ai model \
        assistant designed programmed trained neutral purpose stereotypes stereotype racist sexist racism promote promotes \
        promoting encourage encourages condone legal law laws crime criminal consequences morally moral wrong security \
        fraud protected protect serious cheating wellbeing injury weapons drugs exploit exploitation \
        dañino daño daños ilegal delito peligroso peligrosa peligro riesgo riesgos seguridad política políticas privacidad \
        intimidad privado privada confidencial confidenciales derechos autor consentimiento violencia odio discriminación acoso \
        ofensivo inapropiado ética ético falsa falso engañar engaño fraude trampa ia modelo asistente diseñado respeto \
        dignidad estereotipos leyes ley grave ilegales protección neutralidad neutral \
        nuisible illégal illégale délit crime dangereux dangereuse danger risque risques sécurité politique confidentialité \
        privée privé confidentielles confidentiel droits d'auteur consentement violence haine haineux discrimination \
        harcèlement offensant inapproprié éthique fausse faux tromper fraude triche ia modèle assistant conçu respect dignité \
        stéréotypes loi lois grave illégaux protection neutralité \
        schädlich schaden illegal strafbar straftat gefährlich gefahr risiko risiken sicherheit richtlinien datenschutz privat \
        vertraulich vertrauliche urheberrecht urheberrechtlich geschützt einwilligung zustimmung gewalt hass diskriminierung \
        belästigung unangemessen ethisch falsch täuschen betrug schummeln ki sprachmodell assistent respekt würde \
        stereotype gesetz gesetze verboten rechte schutz verletzt verletzen neutral \
        prejudicial dano danos ilegal crime perigoso perigosa perigo risco riscos segurança política privacidade privado \
        confidencial confidenciais direitos autorais consentimento violência ódio discriminação assédio ofensivo inadequado \
        ética ético falsa falso enganar fraude trapaça ia modelo assistente projetado respeito dignidade estereótipos lei leis \
        grave ilegais proteção neutro \
        dannoso danno danni illegale reato pericoloso pericolosa pericolo rischio rischi sicurezza politica privacy privato \
        riservati riservate diritti d'autore consenso violenza odio discriminazione molestie offensivo inappropriato etica falso \
        falsa ingannare frode ia modello assistente rispetto dignità legge leggi grave \
        schadelijk schade illegaal strafbaar gevaarlijk gevaar risico risico's veiligheid beleid privacy vertrouwelijk \
        auteursrecht auteursrechtelijk beschermd toestemming geweld haat discriminatie ongepast ethisch onwaar misleiden fraude \
        ai model assistent respect wet wetten verboden
        """
    )

    /// Words of answers that decline because of the harm in it, and so may say at length what is wrong with it.
    static let harm = wordHashes(
        """
        harmful harm harms illegal unlawful unethical dangerous danger violence violent hate hateful discrimination \
        discriminatory harassment abuse abusive malicious fraud fraudulent crime criminal racist sexist stalking stereotypes \
        exploit misinformation weapon weapons suicide invasion deceive deceptive cheating consent surveillance \
        dañino daño ilegal delito peligroso peligrosa peligro violencia odio discriminación acoso fraude engaño engañar \
        trampa falsa intimidad suicidio confianza espiar grave denuncia \
        nuisible illégal illégale délit dangereux dangereuse danger violence haine discrimination harcèlement fraude tromper \
        juridiques juridique surveillance confiance intimité suicide origine pénal tribunal inquiète \
        schädlich schaden schadet illegal strafbar straftat gefährlich gefahr gewalt hass diskriminierung betrug täuschen \
        verletzlichkeit gericht rechtsstreit vertrauen überwachung würde suizid heimlich ausnutzen \
        prejudicial dano ilegal crime perigoso perigosa perigo violência ódio discriminação assédio fraude enganar golpe \
        confiança intimidade suicídio espionar falsa vigilância \
        dannoso danno illegale reato pericoloso pericolosa pericolo violenza odio discriminazione molestie frode ingannare \
        fiducia suicidio falso falsa sorveglianza giudice \
        schadelijk schade illegaal strafbaar gevaarlijk gevaar geweld haat discriminatie fraude misleiden vertrouwen zelfmoord
        """
    )

    /// Words behind which a sentence turns to the opposite.
    static let contrasts = wordHashes(
        """
        but however though although pero aunque mais aber mas porém ma però maar
        """
    )

    // MARK: What makes a phrase mean something else

    /// First words of answers that comply.
    static let compliance = wordHashes(
        "sure certainly absolutely yes here here's below voici aquí hier aqui claro natürlich ecco oui sí ja sim"
    )

    /// Words that turn a first word of compliance.
    static let negations = wordHashes("not no nicht nein pas non não niet nee")

    /// First words of letters.
    static let letter = wordHashes(
        """
        dear subject betreff asunto objet assunto estimado estimada cher chère sehr liebe lieber prezado prezada caro \
        querido querida oggetto gentile geachte beste
        """
    )

    /// First words of messages, which are letters where one was asked for.
    static let greeting = wordHashes("hi hello hey hallo bonjour salut ciao olá oi hola hoi")

    /// Words before a phrase that make it someone else's, or a condition.
    static let reporting = wordHashes(
        """
        if when whenever how said says replied answered responds he she why wenn ob warum quand cuando quando pourquoi \
        sagte schrieb dijo dice contestó respondió
        """
    )

    /// Words right behind a phrase that make it an idiom, or a caveat.
    static let idiomatic = wordHashes(
        """
        but feeling feel thinking wondering noticing laughing smiling myself it being admiring falling loving justice \
        overstate wait believe stress emphasize emphasise imagine forget remember complain deny argue blame fault lie pretend \
        promise guarantee find stop resist agree get seem stand live say keep think hurt judge thank \
        esperar creer estar olvidar dejar callar evitar quejarme imaginar imaginarme agradecer agradecerte más sino garantizar \
        garantizarte prometer prometerte asegurar asegurarte negar vivir dormir mentir mentirte encontrar decir \
        attendre croire plus m'empêcher garantir promettre oublier imaginer être qu'approuver que nier dire seulement mentir \
        m'imaginer vivre trouver \
        anders nur genug erwarten klagen leugnen mehr ganz so immer \
        esperar acreditar deixar esquecer imaginar reclamar negar garantir prometer viver mentir mais senão concordar estar \
        aspettare credere smettere dimenticare immaginare lamentarmi negare garantire promettere vivere mentire più che \
        wachten geloven klagen alleen genoeg beloven
        """
    )

    /// Words within a phrase that make it one of understanding, or of a condition.
    static let understanding = wordHashes("che verstehen nachvollziehen dass daß ob wenn weil begrijpen")

    static let enough = wordHash("enough")
    static let enoughOfWhat = wordHashes("information context detail details data")

    /// Answers of one word, or a few, that decline what was no question.
    static let bareNo = wordHashes(
        "no nope nop nein nö non não nee nah never jamás nunca jamais niemals nooit mai pass paso passo"
    )

    /// Words that may stand beside such a no.
    static let besideNo = wordHashes("way chance i'm im i'll but not i lo es tut mir me je suis mi ich da het")
}
