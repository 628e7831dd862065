// The phrases of refusals (`PhraseBook` says how they are written), and the words around them that decide.

enum RefusalPhrases {
    /// Every phrase with which an answer may decline.
    static let book = PhraseBook(phrases, lists: verbs)

    /// Words that make a sentence a preamble of what follows.
    static let preamble = wordHashes(
        """
        sorry apologize apologise apologies unfortunately regret thank thanks understand appreciate hello hi hey ai afraid \
        lo siento lamento lamentablemente desafortunadamente disculpa disculpe perdón gracias hola entiendo comprendo \
        désolé désolée navré malheureusement regrette merci bonjour comprends excusez \
        leid leider entschuldigung entschuldige danke hallo verstehe bedauere bedaure tut \
        desculpe desculpa infelizmente obrigado obrigada olá entendo compreendo sinto \
        dispiace purtroppo grazie scusa spiacente helaas spijt bedankt no nein non
        """
    )

    /// First words of answers that comply.
    static let compliance = wordHashes(
        "sure certainly absolutely yes here here's below voici aquí hier aqui claro natürlich ecco oui sí ja sim"
    )

    /// First words of letters.
    static let letter = wordHashes(
        """
        dear subject betreff asunto objet assunto estimado estimada cher chère sehr liebe lieber prezado prezada caro \
        querido querida oggetto gentile geachte beste
        """
    )

    /// Words before a phrase that make it someone else's, or a condition.
    static let reporting = wordHashes(
        "if when whenever said says replied answered responds he she wenn falls quand cuando"
    )

    /// Words right behind a phrase that make it an idiom.
    static let idiomatic = wordHashes(
        """
        but feeling feel thinking wondering noticing laughing smiling myself it being admiring falling loving justice \
        overstate
        """
    )

    static let enough = wordHash("enough")
    static let enoughOfWhat = wordHashes("information context detail details data")

    private static let verbs: [String: String] = [
        "EN": """
        assist help provide comply fulfill fulfil answer respond create generate write produce share offer discuss \
        support engage participate process complete handle proceed disclose reveal translate summarize summarise extract \
        classify perform execute facilitate accommodate satisfy advise endorse condone speculate verify retrieve browse \
        initiate cancel refund issue track assess evaluate analyze analyse interpret entertain grant honor honour carry \
        draft compose output return review encourage
        """,
        "EX": "look view check access open do confirm search",
        "ES": """
        ayudar ayudarte ayudarle ayudarlo ayudarla ayudaros ayudarlos asistir asistirte asistirle proporcionar \
        proporcionarte proporcionarle cumplir responder responderte responderle hacerlo generar crear ofrecer ofrecerte \
        ofrecerle compartir dar darte darle brindar brindarte brindarle realizar procesar escribir traducir acceder \
        completar atender facilitar facilitarte facilitarle discutir hablar participar apoyar contestar satisfacer \
        continuar revelar tramitar gestionar resumir extraer clasificar comentar redactar acompañarte colaborar
        """,
        "FR": """
        aider t'aider l'aider vous répondre fournir satisfaire traiter accéder donner générer créer rédiger traduire \
        partager effectuer accomplir exécuter assister t'assister proposer offrir discuter poursuivre continuer participer \
        divulguer révéler résumer extraire classer écrire produire communiquer apporter réaliser procéder encourager \
        soutenir m'engager t'en
        """,
        "DE": """
        helfen weiterhelfen behilflich beantworten bearbeiten bereitstellen liefern erstellen generieren schreiben \
        übersetzen geben anbieten unterstützen nachkommen erfüllen teilen durchführen ausführen zugreifen tun machen \
        zusammenfassen extrahieren verfassen weitergeben preisgeben mitteilen dienen entsprechen assistieren eingehen \
        erteilen verfügung klassifizieren verarbeiten fortfahren
        """,
        "PT": """
        ajudar ajudá ajudar-te auxiliar fornecer cumprir responder gerar criar oferecer compartilhar partilhar dar \
        realizar processar escrever traduzir acessar aceder concluir completar atender discutir participar apoiar \
        continuar revelar divulgar resumir extrair classificar assistir prestar executar prosseguir satisfazer redigir \
        fazê
        """,
        "IT": """
        aiutarti aiutarla aiutare fornire fornirti fornirle rispondere assisterti assisterla soddisfare elaborare creare \
        generare scrivere tradurre condividere completare eseguire procedere discutere riassumere estrarre
        """,
        "NL": """
        helpen beantwoorden verstrekken geven verwerken maken schrijven vertalen delen uitvoeren voldoen ondersteunen \
        assisteren samenvatten bieden doen
        """,
    ]

    private static let phrases = """
        i cannot|can't|cant|won't|couldn't ~1 @EN
        i can|could|will|do|am|would not ~2 @EN
        i don't ~1 assist|help|provide|engage|support|participate|discuss
        i'm|im|i|am unable|incapable to|of ~1 @EN
        i'm|im|am not ~1 able to ~1 @EN
        i'm|im|am not ~1 able to ~1 @EX
        i'm|im|am unable to ~1 @EX
        i am not ~1 able to ~1 @EX
        i am unable to ~1 @EX
        i'm|im|am am? just? unable to ~1 @EN
        i am not ~1 able to ~1 @EN
        i am unable to ~1 @EN
        i won't|will not? be able to ~1 @EN
        i may not be able to ~1 @EN
        i cannot|can't|won't do that|this|so
        i can|will not do that|this|so
        i cannot|can't|won't give you|advice|instructions|information|medical|legal|financial|any|out
        i can|will not give you|advice|instructions|information|medical|legal|financial|any|out
        i cannot|can't access your|that|this|the|real|external|any|personal|live|private|urls|links|files|websites
        i cannot|can't tell|teach|show you how|that|this|about to?
        i cannot|can't|won't continue|go with|on|further|this|that
        i cannot|can't in good conscience
        i cannot|can't be of ~1 help|assistance
        i ~1 have to ~1 decline|refuse
        i ~1 must ~2 decline|refuse
        i need to ~1 decline|refuse
        i will|shall have? to? ~1 decline|refuse
        i'll have to ~1 decline|pass
        i ~1 respectfully|politely decline|refuse
        i decline|refuse to
        i'm going to ~1 decline|refuse
        i would|i'd rather|prefer not
        i'd prefer|rather not
        i don't|do not? feel comfortable
        i'm|am not comfortable
        i'm not allowed|permitted|authorized|authorised|programmed|designed|supposed to
        i am not allowed|permitted|authorized|authorised|programmed|designed|supposed to
        i don't have the ability|capability|capacity|authority|permission|means to
        i do not have the ability|capability|capacity|authority|permission|means to
        i don't have access to ~1 your|that|this|the|real|external|any|personal|live|current|order|account
        i do not have access to ~1 your|that|this|the|real|external|any|personal|live|current|order|account
        i can only assist|help|discuss
        i'm|am only able to assist|help|discuss
        i'm|am sorry ~1 that? i? cannot|can't help|assist
        sorry ~1 cannot|can't|unable|won't to? help|assist|do|provide|process|comply|fulfill
        unable to assist|help|comply|fulfill with|you|this|that|your
        as an ai ~8 i cannot|can't|won't ~1 @EN
        as an ai ~8 i am|can|will|do not|unable ~3 @EN
        as an ai ~8 i'm unable|not ~3 @EN
        it|it's is|would|not not|be|appropriate ~4 for me to
        it's not possible|appropriate|ethical|right for me to
        that|this is|is's not something|anything i can|am|will|could
        that's|it's not something|anything i can|am|will|could|i'm
        this|that|your request cannot|can't be fulfilled|completed|processed|answered|granted
        against|violate|violates|violating my|our|openai's|the content|usage|safety|ethical|programming ~2 policy|policies|guidelines|programming
        against my programming|guidelines|policies|policy|principles
        we|we're are|cannot|can't|unable|will ~3 assist|help|comply|fulfill|process|answer|accommodate with|this|that|your ~1 request|that|this
        we|we're are|cannot|can't|unable not|to|able ~2 assist|help you with this|that
        no puedo ~2 @ES
        no podré|podría|podemos|podríamos ~2 ayudar|ayudarte|ayudarle|atender|procesar|responder ~1 tu|su|con|a|esta|esa
        no podré|podría ~2 @ES
        no puedo hacer eso|esto
        no me es|resulta posible
        no es posible para mí
        no estoy en condiciones|posición|capacidad de|para
        no soy capaz de ~1 @ES
        no estoy autorizado|autorizada|programado|programada|diseñado|diseñada|capacitado|capacitada|habilitado para|a
        no tengo permitido|permiso|autorización
        no tengo la capacidad|posibilidad|facultad de
        no tengo acceso a
        no se me permite
        no voy a poder ~1 @ES
        debo ~1 rechazar|declinar|negarme
        tengo que ~1 rechazar|declinar|negarme
        me niego a
        prefiero no ~1 @ES
        lamento|siento ~1 no poder
        je ne peux|puis|pourrai|pourrais|saurais pas? ~3 @FR
        je peux pas ~3 @FR
        je ne peux|puis pas faire cela|ça|ce
        je ne suis ~2 pas ~2 en mesure|capacité
        je ne suis pas capable|autorisé|autorisée|habilité|habilitée|programmé|programmée|conçu|conçue
        je suis incapable|dans de|l'impossibilité
        il m'est ~1 impossible|interdit
        il ne m'est ~1 pas ~1 possible|permis
        je dois ~2 refuser|décliner
        je refuse de
        je préfère ne pas
        je n'ai pas accès|l'autorisation|le|la|l'accès ~1 à|de|aux|droit|capacité|possibilité
        ich kann|darf|werde|möchte|könnte ~6 nicht|keine|keinen|kein|keinerlei ~4 @DE
        kann|darf|werde|möchte ich ~5 nicht|keine|keinen|kein|keinerlei ~4 @DE
        ich bin ~2 nicht ~2 lage|befugt|berechtigt|autorisiert|imstande|programmiert
        es ist mir ~2 nicht möglich|gestattet|erlaubt
        ist es mir ~2 nicht möglich|gestattet|erlaubt
        ich muss ~4 ablehnen
        ich lehne ~5 ab
        ich weigere mich
        ich habe ~1 keinen|keine zugriff|zugang|berechtigung|befugnis
        não posso|consigo|poderei|poderia ~2 @PT
        não posso|consigo|vou fazer isso|isto
        não vou ~1 poder ~2 @PT
        não sou capaz|autorizado|autorizada|programado|programada de|a|para
        não estou em|autorizado|autorizada|apto|apta|habilitado condições|posição|a|para
        não me é possível
        não tenho permissão|autorização|capacidade|acesso
        não fui projetado|programado|treinado para
        preciso|devo|tenho que|de? recusar
        me recuso a
        recuso me a
        prefiro não ~1 @PT
        non posso|riesco|potrò ~2 @IT
        non sono in grado|autorizzato|autorizzata di|a
        non mi è possibile
        ik kan|mag|zal ~6 niet|geen ~4 @NL
        ik ben ~1 niet in staat
        """
}
