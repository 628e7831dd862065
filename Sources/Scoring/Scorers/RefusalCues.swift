/// What a word says of the sentence that it stands in, as bits, so that one look-up a word answers all questions.
struct RefusalCues: OptionSet {
    let rawValue: Int32

    /// Words of sentences that greet, thank, apologise or say that they understand.
    static let preamble = RefusalCues(rawValue: 1 << 0)
    /// Words of sentences that say why: harm, law, rights, policy, what the speaker is.
    static let reasons = RefusalCues(rawValue: 1 << 1)
    /// Words of answers that decline because of the harm in it, and so may say at length what is wrong with it.
    static let harm = RefusalCues(rawValue: 1 << 2)
    /// Words behind which a sentence turns to the opposite.
    static let contrasts = RefusalCues(rawValue: 1 << 3)
    /// Words before a phrase that make it someone else's, or a condition.
    static let reporting = RefusalCues(rawValue: 1 << 4)
    /// Words right behind a phrase that make it an idiom, or a caveat.
    static let idiomatic = RefusalCues(rawValue: 1 << 5)
    /// Words within a phrase that make it one of understanding, or of a condition.
    static let understanding = RefusalCues(rawValue: 1 << 6)
    /// Answers of one word, or a few, that decline what was no question.
    static let bareNo = RefusalCues(rawValue: 1 << 7)
    /// Words that may stand beside such a no.
    static let besideNo = RefusalCues(rawValue: 1 << 8)
    /// First words of answers that comply.
    static let compliance = RefusalCues(rawValue: 1 << 9)
    /// Words that turn a first word of compliance.
    static let negations = RefusalCues(rawValue: 1 << 10)
    /// First words of letters.
    static let letter = RefusalCues(rawValue: 1 << 11)
    /// First words of messages, which are letters where one was asked for.
    static let greeting = RefusalCues(rawValue: 1 << 12)
    /// Words behind "enough" that make it a want of information.
    static let enoughOfWhat = RefusalCues(rawValue: 1 << 13)
    /// "Enough", which turns "I cannot recommend it" to praise.
    static let enough = RefusalCues(rawValue: 1 << 14)
    /// What an answer that finds nothing wrong does not see.
    static let faultless = RefusalCues(rawValue: 1 << 15)
    /// What introduces a list of reasons.
    static let whyNot = RefusalCues(rawValue: 1 << 16)
    /// Who speaks, or what he could do.
    static let speaker = RefusalCues(rawValue: 1 << 17)

    // The words with which phrases of each kind begin.

    static let pointer = RefusalCues(rawValue: 1 << 18)
    static let telling = RefusalCues(rawValue: 1 << 19)
    static let strong = RefusalCues(rawValue: 1 << 20)
    static let broad = RefusalCues(rawValue: 1 << 21)
    static let opener = RefusalCues(rawValue: 1 << 22)
    static let weak = RefusalCues(rawValue: 1 << 23)
    static let offers = RefusalCues(rawValue: 1 << 24)
    static let elsewhere = RefusalCues(rawValue: 1 << 25)
    static let clarifying = RefusalCues(rawValue: 1 << 26)
    static let lecture = RefusalCues(rawValue: 1 << 27)
    static let condemning = RefusalCues(rawValue: 1 << 28)

    /// The words that begin a phrase with which one declines.
    static let declining: RefusalCues = [.strong, .broad, .opener, .weak]

    /// The cues of a word.
    static func of(_ word: Word) -> RefusalCues { RefusalCues(rawValue: table.count(of: word.hash)) }

    /// The cues of some words, in their order.
    static func of(_ words: [Word]) -> [RefusalCues] {
        let table = Self.table
        return words.map { RefusalCues(rawValue: table.count(of: $0.hash)) }
    }

    private static let table: CountTable = {
        var cues: [UInt64: Int32] = [:]
        for (cue, list) in lists {
            for hash in wordHashes(list) { cues[hash, default: 0] |= cue.rawValue }
        }
        for (cue, book) in RefusalPhrases.books {
            for hash in book.firstWords { cues[hash, default: 0] |= cue.rawValue }
        }
        return CountTable(cues)
    }()

    private static let lists: [(RefusalCues, String)] = [
        (
            .preamble,
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
        ),
        (
            .reasons,
            """
            harmful harm harms illegal unlawful unethical ethical ethics dangerous danger safety safe policy policies guidelines \
            privacy private confidential copyright copyrighted consent violate violates violation violence violent hate hateful \
            discrimination discriminatory discriminate harassment abuse abusive offensive inappropriate appropriate risk risks \
            malicious responsible respect respectful dignity misinformation disinformation false misleading deceptive ai model \
            assistant medewerker mitarbeiter designed programmed trained neutral purpose stereotypes stereotype racist sexist racism promote promotes \
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
        ),
        (
            .harm,
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
            schadelijk schade illegaal strafbaar gevaarlijk gevaar geweld haat discriminatie fraude misleiden vertrouwen zelfmoord \
            privacy boundaries confidentiality harmed hoax tragedy verletzen ritzen weapon weapons fraudulent assassination murder killing kill theft steal stealing scam phishing pirated piracy \
            forge forging forged counterfeit poison hacking unauthorised unauthorized suicidal drug drugs abuse bigotry \
            discriminate racism prejudice equality unacceptable falsificar fraudulento robo falsifier piratage vol \
            fälschen gefälscht diebstahl falsificare furto vervalsen diefstal atestado burla burlas
            """
        ),
        (
            .contrasts,
            """
            but however though although pero aunque mais aber mas porém ma però maar
            """
        ),
        (
            .reporting,
            """
            if when whenever how said says replied answered responds why wenn ob warum quand cuando quando pourquoi \
            sagte schrieb dijo dice contestó respondió
            """
        ),
        (
            .idiomatic,
            """
            but feeling feel thinking wondering noticing laughing smiling myself it being admiring falling loving justice \
            overstate wait believe stress emphasize emphasise imagine forget remember complain deny argue blame fault lie pretend \
            promise guarantee find stop resist agree get seem stand live say keep think hurt judge thank \
            esperar creer estar olvidar dejar callar evitar quejarme imaginar imaginarme agradecer agradecerte más sino garantizar \
            garantizarte prometer prometerte asegurar asegurarte negar vivir dormir mentir mentirte encontrar decir \
            attendre croire plus m'empêcher garantir promettre oublier imaginer être qu'approuver que nier dire seulement mentir \
            m'imaginer vivre trouver \
            anders nur genug erwarten widersprechen beklagen übersehen klagen leugnen mehr ganz so immer \
            esperar acreditar deixar esquecer imaginar reclamar negar garantir prometer viver mentir mais senão concordar estar \
            aspettare credere smettere dimenticare immaginare lamentarmi negare garantire promettere vivere mentire più che \
            wachten geloven klagen alleen genoeg beloven
            """
        ),
        (
            .understanding,
            """
            che verstehen nachvollziehen dass daß ob wenn weil begrijpen
            """
        ),
        (
            .bareNo,
            """
            no nope nop nein nö non não nee nah never jamás nunca jamais niemals nooit mai pass paso passo
            """
        ),
        (
            .besideNo,
            """
            way chance absolutely definitely assolutamente absolument absolut eso ça isso questo das lol haha hm hmm oh ooh ah eh well \
            first also i'm im i'll but not i lo es tut mir me je suis mi ich da het
            """
        ),
        (
            .compliance,
            """
            sure certainly absolutely yes here here's below voici aquí hier aqui claro natürlich ecco oui sí ja sim volentieri gerne graag
            """
        ),
        (
            .negations,
            """
            not no nicht nein pas non não niet nee
            """
        ),
        (
            .letter,
            """
            dear subject betreff asunto objet assunto estimado estimada cher chère sehr liebe lieber prezado prezada caro \
            querido querida oggetto gentile geachte beste
            """
        ),
        (
            .greeting,
            """
            hi hello hey hallo bonjour salut ciao olá oi hola hoi
            """
        ),
        (
            .enoughOfWhat,
            """
            information context detail details data
            """
        ),
        (.whyNot, "why warum pourquoi perché waarom"),
        (.speaker, "i i'd i'll i'm i've we ich wir je j'ai nous ik wij puedo podemos posso podemos potrei"),
        (.enough, "enough genug genoeg trop suficiente suficientemente bastante abbastanza suffisamment assez"),
        (
            .faultless,
            """
            fault faults mistake mistakes error errors issue issues problem faute fautes erreur erreurs error errores fallo \
            fehler problem erro erros defeito errore errori fout fouten reason motivo raison grund
            """
        ),
    ]
}
