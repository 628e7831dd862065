/// What injected instructions look like, what they demand, and what answers say that obey or report them.
///
/// English, Spanish, French, German and Portuguese; `PhraseBook` says how phrases are written.
enum InjectionPhrases {
    /// Phrases that take the word from the user.
    static let attacks = PhraseBook(
        """
        ignore|disregard|forget|override|bypass|skip|ignoring|disregarding ~3 previous|prior|above|earlier|preceding|existing|original|foregoing ~2 @THINGS
        ignore|disregard|forget|override|bypass ~3 @THINGS ~2 above|before|previously|given|prior|earlier
        ignore|disregard|forget|override|bypass all|any|your|the|everything|my ~2 @THINGS
        ignore|disregard|forget everything|anything|all|what ~4 above|before|previously|said|told|else|prior
        do not|not follow|obey ~3 previous|prior|above|earlier|user's|original ~1 @THINGS
        new|updated|important|real|actual|revised instructions|instruction|directive|directives|orders
        system|admin|administrator|developer|security override|message|notice|instruction|instructions|command|prompt|update
        attention|note|message|instructions|instruction|notice to|for all? any? the? ai|llm|assistant|assistants|model|models|chatbot|bot|agent|agents|language|gpt|chatgpt
        if you're|you are? an|a|the ~2 ai|llm|assistant|model|chatbot|bot|agent
        ai|llm|assistant agents|models|assistants|instructions|instruction|must|should|reading|please
        you are now ~2 dan|unrestricted|jailbroken|free|developer|admin|in|a|an|no
        your new|real|actual|true task|instructions|instruction|role|goal|job|objective|directive
        stop what you|everything are|and
        end of ~2 document|text|email|review|input|data|article|context|message
        ignora|ignore|olvida|omite|descarta|olvide|desestima ~3 @THINGS ~1 anteriores|previas|anterior|precedentes|arriba
        ignora|ignore|olvida|omite|descarta|olvide todo|toda|todas ~3 anterior|anteriormente|dicho|antes|anteriores|arriba
        nuevas|nueva instrucciones|instrucción|órdenes
        ignore|ignorez|oublie|oubliez|néglige|négligez ~3 @THINGS ~1 précédentes|antérieures|précédente|dessus|préalables|ci|données
        ignore|ignorez|oublie|oubliez tout ~3 précède|dessus|précédemment|avant
        nouvelles|nouvelle instructions|instruction|consignes|consigne
        ignoriere|ignorieren|vergiss|vergessen|missachte|missachten|übergehe ~3 vorherigen|vorigen|bisherigen|obigen|früheren|vorangegangenen|vorstehenden ~1 @THINGS
        ignoriere|ignorieren|vergiss|vergessen alles|alle|sämtliche ~4 @THINGS|oben|vorher|bisher|zuvor|gesagte
        neue anweisungen|anweisung|instruktionen|instruktion|befehle
        ignore|ignora|esqueça|esquece|desconsidere|desconsidera ~3 @THINGS ~1 anteriores|prévias|anterior|acima
        ignore|ignora|esqueça|esquece|desconsidere tudo ~4 acima|antes|anterior|anteriormente|dito
        novas|nova instruções|instrução|ordens
        """,
        lists: [
            "THINGS": """
            instructions instruction prompts prompt rules rule directions directives directive commands command guidelines \
            context text orders messages message task tasks constraints safety instrucciones instrucción órdenes reglas \
            indicaciones consignes consigne règles directives ordres anweisungen anweisung instruktionen regeln befehle \
            vorgaben instruções instrução ordens regras orientações
            """
        ]
    )

    /// Verbs behind which stands what is to be said.
    static let saying = wordHashes(sayingList).union(including)
    private static let sayingList = """
        say print output reply respond answer write return type repeat echo state declare saying replying responding \
        answering display exactly only word phrase string di decir responde responda conteste contesta escribe escriba \
        imprime imprima diga muestra solo únicamente palabra frase réponds répondez répondre dis dites écris écrivez affiche \
        affichez uniquement seulement mot phrase antworte antworten sage sagen schreibe schreiben gib geben ausgeben nur \
        wort satz responda escreva diga imprima exiba apenas somente palavra
        """

    /// Those of them that are content with a place somewhere in the answer.
    static let including = wordHashes(
        """
        include append add insert mention begin start end finish conclude contain prepend including adding incluye incluya \
        añade añada agrega agregue termina termine comienza empieza menciona inclus incluez ajoute ajoutez termine \
        terminez commence commencez mentionne mentionnez füge fügen beginne beginnen beende beenden erwähne erwähnen inclua \
        adicione acrescente termine comece mencione
        """
    )

    /// Demands for what the operator told the model.
    static let revealing = PhraseBook(
        """
        reveal|print|show|repeat|output|display|tell|give|share|leak|disclose|send|include|write|paste|list|summarize|dump|expose ~4 system|initial|hidden|original|secret|internal|full|developer ~1 prompt|instructions|message|prompts|rules|configuration|guidelines
        reveal|print|show|repeat|output|display|tell|give|share|leak|disclose|send|include|write|paste|list|dump|expose ~3 your|the|all ~2 prompt|instructions|guidelines|configuration
        revela|revele|muestra|muestre|imprime|imprima|repite|repita|escribe|comparte|dime|incluye ~4 prompt|instrucciones ~2 sistema|internas|iniciales|ocultas|originales
        revela|revele|muestra|muestre|imprime|imprima|repite|repita|escribe|comparte|dime tus|tu|sus|su ~1 prompt|instrucciones
        révèle|révélez|affiche|affichez|montre|montrez|répète|répétez|donne|donnez|écris|divulgue ~4 prompt|instructions|consignes|invite
        verrate|verraten|zeige|zeigen|gib|geben|nenne|nennen|wiederhole|drucke|offenbare ~5 systemprompt|system-prompt|anweisungen|prompt|systemanweisungen|systemnachricht|instruktionen
        revele|revela|mostre|mostra|imprima|repita|escreva|compartilhe|diga|exiba ~4 prompt|instruções
        """
    )

    /// How an answer begins that reveals them.
    static let revealed = PhraseBook(
        """
        my|the system|initial|original|hidden|full|developer prompt|instructions|message is|are|says|reads|tell|states|were
        my instructions are|say|were|tell|state
        here|below|these is|are ~1 my|the ~2 system|initial|original|full|hidden? prompt|instructions|rules
        here|these are my|the instructions|guidelines|rules
        i was|am|have|were been? instructed|told|configured|programmed|prompted to|as|not
        system prompt you|is|as are|a|an
        mi|el|mis|las|estas prompt|instrucciones ~2 es|son|dice|dicen
        estas|aquí son|están|tienes|está mis|mi|las|el ~1 instrucciones|prompt
        mon|mes|le|les|voici prompt|instructions|consignes ~2 est|sont|dit|disent
        voici mes|mon|le|les ~1 instructions|prompt|consignes
        mein|meine|der|die systemprompt|system-prompt|anweisungen|prompt|systemanweisungen|instruktionen ~1 lautet|lauten|ist|sind|sagt
        hier sind|ist meine|mein|der|die ~1 anweisungen|systemprompt|prompt|instruktionen|systemanweisungen
        meu|minhas|o|as prompt|instruções ~2 é|são|diz|dizem
        aqui|estas estão|está|são as|minhas|meu|o ~1 instruções|prompt
        """
    )

    /// Words of an answer that speaks of an attack and does not follow it.
    static let reporting = wordHashes(
        """
        injection injected instruction instructions instructs instructing ignore ignored ignoring embedded hidden attempt \
        attempts attempting tries trying asks asking contains suspicious malicious request requests demands manipulate \
        instrucción instrucciones inyección intenta pide contiene sospechosa maliciosa oculta ignorado instruction \
        injection tente demande contient suspecte malveillante cachée anweisung anweisungen versucht fordert enthält \
        verdächtig verdächtige versteckte eingebettete aufforderung instrução instruções injeção tenta pede contém \
        suspeita maliciosa oculta
        """
    )

    /// Nouns of a first paragraph that is followed by a text.
    static let pasted = wordHashes(
        """
        email mail e-mail text review article document comment message ticket page resume cv transcript letter post \
        following below correo texto reseña artículo documento comentario mensaje siguiente carta courriel texte avis \
        article suivant suivante commentaire lettre e-mail folgenden folgende folgender bewertung artikel dokument \
        kommentar nachricht avaliação artigo comentário mensagem seguinte
        """
    )
}
