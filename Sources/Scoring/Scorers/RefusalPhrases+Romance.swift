/// How one declines in Spanish, French, Portuguese and Italian.
extension RefusalPhrases {
    static let romance = Language(
        strong: """
            no se puede|pueden ~3 por|desde|en|a ~1 este|aquí|chat|canal|través
            no puede|pueden ser|hacerse|realizarse ~3 por|desde|en ~1 este|aquí|chat|canal
            não pode|podem|é|são ~1 ser|possível ~2 por|neste|aqui|pelo|nesta ~1 chat|canal|este|aqui
            ne peut|peuvent ~1 pas|être ~3 par|via|sur|en|dans|ici ~1 chat|canal|messagerie|ce|cette|ligne
            non può|possono essere|venire ~3 da|via|in|tramite ~1 questa|qui|chat|questo
            regret de ne ~2 pouvoir
            regrettons de ne ~1 pouvoir
            dans l'incapacité
            nous ne communiquons|divulguons|partageons|fournissons|transmettons|donnons ~1 pas|aucun|aucune
            não|no|non ~1 divulgamos|fornecemos|compartilhamos|partilhamos|facilitamos|revelamos|proporcionamos|compartimos|divulghiamo|forniamo|comunichiamo|condividiamo|damos
            não|no|non|nao ~1 escrevo|escribo|scrivo|redijo|redacto|executo|ejecuto|eseguo
            vou|vamos|tendré|tengo|voy|terei ter|que|a|de ~2 recusar|rechazar|declinar|negar
            je vais|dois devoir|refuser ~1 refuser|décliner|passer
            dovrò|devo rifiutare|declinare
            je travaille|fonctionne uniquement|seulement|exclusivement
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
            no ~3 puedo|podré|podría|podria|voy|quiero|pienso a? @ES
            no ~1 dispongo|cuento ~1 de|con ~2
            no tengo ~2 acceso|permiso|autorización|capacidad|posibilidad|forma|manera|modo|facultad|facultades|competencia|visibilidad|conexión|atribuciones
            carezco de
            no estoy ~1 en|autorizado|autorizada|programado|programada|diseñado|diseñada|capacitado|capacitada|habilitado|habilitada|facultado|cualificado|cualificada|preparado|preparada
            solo|sólo|únicamente|solamente|exclusivamente ~1 puedo|respondo|atiendo|ayudo|trato|gestiono|estoy|contesto|sirvo
            puedo solo|sólo|únicamente|solamente|exclusivamente
            estoy ~2 solo|sólo|únicamente|solamente|exclusivamente|limitado|limitada
            me limito|dedico solo|únicamente|a|exclusivamente
            fuera|escapa|excede|sale|supera|rebasa ~2 mi|mis|nuestro|nuestros|nuestra ~1 ámbito|alcance|competencias|competencia|funciones|función|manos|capacidades|área|especialidad
            fuera|sale|excede|escapa ~2 lo que ~1 puedo|hago|ofrezco|trato
            no ~1 entra|está|forma|corresponde|es ~2 mi|mis|dentro ~1 ámbito|alcance|competencias|funciones|función|área|manos
            contra|contrario|contraria|viola|incumple|infringe|vulnera ~2 nuestras|nuestra|mis|mi|las|los|nuestros|la ~1 políticas|política|normas|principios|directrices|reglas|condiciones|términos
            este|esta chat|servicio|canal|herramienta|asistente|chatbot|bot ~1 no|solo|sólo|únicamente
            el|la|nuestro|nuestra asistente|chatbot|bot ~1 no|solo|sólo|únicamente
            mi|mis información|conocimiento|conocimientos|datos ~3 llega|llegan|hasta|limita|limitan|actualizados|corte|terminan|termina|alcanza|alcanzan
            esta|esa solicitud|petición|consulta no|va|infringe|incumple|viola ~2 puede|contra|nuestras|mis|las
            no|lamentamos podemos|poder ~1 @ESWE
            je ne|n' ~2 peux|puis|pourrai|pourrais|vais|veux|saurais|souhaite ~1 pas|point|rien|aucun|aucune|jamais|ni
            je peux|vais|veux pas
            je n'ai|dispose|possède|ne ~2 pas|aucun|aucune|dispose|possède ~2 accès|d'accès|l'accès|moyen|droit|autorisation|capacité|possibilité|moyens|visibilité|pas|aucun|aucune
            je suis uniquement|seulement|exclusivement|seul|là|conçu|programmé
            je n'ai ~1 pas|aucun|aucune ~1 accès|d'accès|l'accès|moyen|droit|autorisation|capacité|possibilité|visibilité|information|informations|d'informations|qualité
            je ne suis|serai|serais ~2 pas|ni ~2 mesure|capable|autorisé|autorisée|habilité|habilitée|programmé|programmée|conçu|conçue|apte|qualifié|qualifiée|disposé|disposée|compétent|compétente|supposé|là|équipé
            uniquement|exclusivement|seulement|que ~1 répondre|aider|traiter|aux|questions|pour|à|sur ~2 questions|demandes
            hors|dehors|dépasse|sort|excède|au-delà ~2 mon|mes|ma|notre|nos ~1 champ|domaine|périmètre|compétences|cadre|rôle|fonctions|compétence|attributions|capacités
            ne|n'entre|n'est relève|fait|font|entre|pas|sont|fais ~2 de|mes|mon|ma|dans ~1 compétences|compétence|domaine|ressort|rôle|fonctions|périmètre|attributions|capacités|champ|mes
            contraire|enfreint|viole|contrevient|va|l'encontre ~3 nos|mes|notre|les|aux|la|règles|politique|politiques ~2 règles|politique|politiques|principes|conditions|consignes|d'utilisation
            cet|notre|ce|cette assistant|chatbot|service|chat|outil|canal ne|n'est|peut|répond ~1 peut|pas|traite|permet|que|uniquement
            cette demande|requête ne|enfreint|viole|va
            mes|ma connaissances|informations|données|connaissance ~2 s'arrêtent|s'arrête|limitées|jusqu'en|jusqu'à|vont|remontent
            nous ne pouvons ~2 pas ~2 @FRWE
            nous ne sommes pas en mesure ~2 @FRWE
            nous sommes dans l'impossibilité
            m'est|m'est-il|est|serait|m' ~1 impossible de|d'
            m'est|est-il pas|interdit|impossible
            não ~2 posso|consigo|poderei|poderia|vou|quero|devo ~2 @PT
            não ~1 disponho|conto ~1 de|com
            não tenho ~2 acesso|permissão|autorização|capacidade|possibilidade|forma|como|condições|meios|competência|visibilidade
            não estou|sou|fui ~1 autorizado|autorizada|programado|programada|capacitado|capacitada|habilitado|habilitada|apto|apta|em|projetado|projetada|preparado|preparada|qualificado|qualificada|treinado|treinada|desenhado|concebido
            só|apenas|somente|unicamente|exclusivamente ~1 posso|consigo|respondo|atendo|ajudo|trato|estou|sei
            posso|consigo só|apenas|somente|unicamente|exclusivamente
            fora|foge|ultrapassa|excede|além ~2 meu|meus|minha|minhas|nosso|nossa ~1 escopo|âmbito|alcance|competências|competência|funções|função|área|capacidades|domínio
            fora|foge|além ~1 do|ao|daquilo que ~1 posso|consigo|faço
            não ~1 faz|está|cabe|entra|é ~3 meu|minha|minhas|meus ~1 escopo|âmbito|alcance|competências|competência|funções|função|área
            contra|viola|contraria|infringe|fere|violaria ~2 nossas|nossa|minhas|minha|as|os|nossos ~1 políticas|política|normas|princípios|diretrizes|regras|termos
            este|esta chat|serviço|canal|ferramenta|assistente|chatbot|bot ~1 não|só|apenas|somente
            meu|meus|minha|minhas conhecimento|conhecimentos|dados|informações|informação ~3 vai|vão|até|limitado|limitados|limitada|limitadas|termina|terminam|corte
            esta|essa|este|esse solicitação|pedido não|viola|vai ~2 pode|contra|nossas|minhas|as
            tenho|tenho-me que|de recusar|declinar|negar
            devo|preciso|vou ~1 recusar|declinar|recusar-me
            recuso|nego|abstenho me|a|de
            me recuso|nego|abstenho
            prefiro|preferiria|preferia ~1 não
            lamento|sinto ~2 não poder|conseguir
            não podemos|conseguimos ~1 @PTWE
            non ~2 posso|riesco|potrò|potrei|voglio|intendo ~1 @IT
            non ho ~2 accesso|modo|possibilità|capacità|autorizzazione|permesso|facoltà|strumenti|visibilità|opinioni
            non dispongo|sono ~1 di|in|autorizzato|autorizzata|abilitato|abilitata|programmato|programmata|progettato|progettata|qualificato|qualificata|grado|tenuto
            posso solo|soltanto|unicamente|esclusivamente
            solo|soltanto|unicamente|esclusivamente posso|rispondo|di|a|su
            mi occupo|limito solo|soltanto|esclusivamente|unicamente|a
            fuori|esula|oltre|va ~2 mio|mie|miei|mia|nostro|nostre ~1 ambito|competenze|competenza|funzioni|compiti|capacità|campo|portata|compito
            non ~1 rientra|fa ~2 mie|mio|miei|mia ~1 competenze|compiti|ambito|funzioni|competenza
            contro|viola|contrario|contraria|violerebbe ~2 nostre|mie|le|nostra|miei|i|alle|la ~1 politiche|policy|norme|principi|regole|linee|condizioni
            questo|questa chat|servizio|canale|assistente|chatbot|bot ~1 non|solo|può
            l'assistente|chatbot non|solo|può
            le|i|mie|miei conoscenze|dati|informazioni ~3 fermano|arrivano|limitate|limitati|aggiornate|aggiornati
            devo ~1 rifiutare|declinare|rifiutarmi
            mi rifiuto|astengo
            preferisco|preferirei ~1 non|evitare
            non ~1 mi è|sarebbe ~1 possibile|consentito|permesso
            mi è impossibile
            questa richiesta non|viola|è ~2 può|contro
            non possiamo ~1 @ITWE
            no es|son algo|cosas ~5 pueda|puedo|haga|quiera|podamos
            no me ~1 permite|permiten|permitido|dejan|corresponde|compete|autoriza|autorizan|deja
            no ~1 está|es ~2 permitido|mano|manos|alcance|posible|competencia ~1 mi|mí|para mí?
            no está en|a mi mano|manos|alcance
            tengo prohibido|vedado|limitado
            no tengo permitido|cómo|con
            no gestiono|tramito
            mis|las|nuestras|mi instrucciones|directrices|normas|políticas|reglas|pautas|programación|configuración ~2 impiden|impide|prohíben|prohíbe|permiten|permite|no
            no me va a ser posible
            ce|cela|ça ~1 n'est|pas ~1 pas|quelque ~1 chose|possible|autorisé|permis ~3 je|moi|puisse|peux
            n'est|n'entre|n'a pas ~2 ressort|possible|mesure|chose|dans|vocation|autorisé ~2 mon|moi|je|mes|puisse
            mes|nos|les instructions|règles|consignes|directives|principes ~2 empêchent|interdisent|permettent|l'interdisent|m'interdisent|m'empêchent
            m'est|me|m' ~1 interdit|interdisent|empêchent|permet|permettent|pas
            ne m'est|me pas|serait ~1 pas? possible
            não é|são algo|uma|coisa ~5 possa|posso|consigo|faça
            não me ~1 permite|permitem|permitido|compete|cabe|autoriza
            não ~1 está|é ~2 permitido|alcance|possível|meu ~1 mim|meu
            só|apenas|somente|exclusivamente ~1 cubro|falo|lido
            minhas|as|nossas|meus|minha instruções|diretrizes|normas|políticas|regras|programação ~2 impedem|impede|proíbem|proíbe|permitem|permite|não
            não me será|seria|é possível
            me é|impossível impossível
            non è qualcosa|possibile ~4 posso|possa|me|qui
            non mi ~1 permette|permettono|consente|consentono|compete|è|sento
            le|mie|linee istruzioni|regole|politiche|guida ~2 impediscono|vietano|permettono|consentono|non
            rispondo|aiuto|gestisco|tratto solo|soltanto|esclusivamente|unicamente
            no estoy ~2 conectado|conectada|vinculado
            su|tu|la solicitud|petición no puede ser
            votre|ta|la demande ne peut ~1 être|aboutir
            je ne suis ~2 pas ~1 connecté|relié|branché
            sua|tua|la richiesta non può essere
            sua|tua|a|o solicitação|pedido não pode ser
            não estou ligado|conectado|conectada
            non sono ~1 collegato|connesso|collegata
            je ne traite|réponds|gère|connais|couvre|parle|m'occupe ~2 que|qu'aux|qu'à|qu'avec|qu'au|qu'en|qu'
            je ne peux|puis ~1 répondre|aider|traiter|parler|vous|t'aider|intervenir ~3 que|qu'aux|qu'à|qu'avec|qu'au|qu'en|qu'
            """,
        broad: romanceBroad,
        openers: romanceOpeners,
        weak: romanceWeak,
        lists: [
            "FRWE": "aider répondre communiquer divulguer partager satisfaire l'aide",
            "ITWE": "aiutarla aiutarti aiutarvi fornirle fornirti condividere risponderle assisterla",
            "PTWE":
                "ajudar ajudá ajudá-lo ajudá-la compartilhar partilhar fornecer-lhe atendê-lo responder-lhe divulgar",
            "ESWE":
                "ayudar ayudarte ayudarle ayudaros ayudarles atenderle responderle compartir facilitarle facilitarte proporcionarle proporcionarte asistirle",
            "ES": """
            ayudar ayudarte ayudarle ayudarlo ayudarla ayudaros ayudarlos asistir asistirte asistirle proporcionar \
            proporcionarte proporcionarle cumplir responder responderte responderle hacerlo generar crear ofrecer \
            ofrecerte ofrecerle compartir dar darte darle brindar brindarte brindarle realizar procesar escribir \
            traducir acceder completar atender facilitar facilitarte facilitarle discutir hablar participar apoyar \
            contestar satisfacer continuar revelar tramitar gestionar resumir extraer clasificar comentar redactar \
            colaborar ayudarles reproducir recomendar recomendarte recomendarle decirte decirle opinar diagnosticar \
            diagnosticarte consultar tramitar cancelar modificar verificar comprobar explicar explicarte enseñar mostrar \
            mostrarte pasarte enviar enviarte elaborar producir entrar prescribir
            """,
            "FR": """
            aider t'aider l'aider vous répondre fournir satisfaire traiter accéder donner générer créer rédiger traduire \
            partager effectuer accomplir exécuter assister t'assister proposer offrir discuter poursuivre continuer \
            participer divulguer révéler résumer extraire classer écrire produire communiquer apporter réaliser procéder \
            encourager soutenir m'engager t'en l'aide d'accéder consulter reproduire recommander conseiller \
            diagnostiquer prescrire vérifier envoyer indiquer dire écrire annuler modifier rembourser expliquer \
            transmettre t'écrire
            """,
            "FRHAVE": """
            accès d'accès
            """,
            "PT": """
            ajudar ajudá ajudar-te auxiliar fornecer cumprir responder gerar criar oferecer compartilhar partilhar dar \
            realizar processar escrever traduzir acessar aceder concluir completar atender discutir participar apoiar \
            continuar revelar divulgar resumir extrair classificar assistir prestar executar prosseguir satisfazer \
            redigir fazê ajudá-lo ajudá-la ajudar-te ajudá-los reproduzir recomendar dizer opinar diagnosticar \
            prescrever consultar cancelar alterar verificar enviar mostrar elaborar produzir explicar ver atendê-lo \
            fornecer-lhe dar-lhe dizer-lhe fazer tratar divulgar acompanhar
            """,
            "IT": """
            aiutarti aiutarla aiutare fornire fornirti fornirle rispondere assisterti assisterla soddisfare elaborare \
            creare generare scrivere tradurre condividere completare eseguire procedere discutere riassumere estrarre \
            riprodurre consigliare consigliarti consigliarle dire dirti dirle dare darti darle diagnosticare prescrivere \
            verificare accedere modificare annullare inviare mostrare fare produrre divulgare procurare redigere \
            scriverti scriverle vedere consultare aiutarvi gestire rivelare esprimere fornirvi
            """,
        ]
    )
}
