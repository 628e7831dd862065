/// How one declines in Spanish, French, Portuguese and Italian without naming what an assistant does.
extension RefusalPhrases {
    static let romanceBroad = """
        não ~1 executo|rodo|abro|leio|identifico|julgo|adivinho
        nao ~2 posso|consigo|vou|tenho|sei|faço
        no ~1 ejecuto|abro|leo|identifico|juzgo|adivino
        non ~1 eseguo|apro|leggo|identifico|giudico
        nn ~2 posso|riesco|so|puedo|peux
        n'exécute|n'ouvre|n'identifie ~1 pas|aucun|aucune
        mudarmos|mudar|cambiar|cambiemos|changer|cambiare|cambiamo ~2 assunto|tema|sujet|argomento|discorso
        et|mais|donc ne peux|puis ~2 pas
        passer de moi
        não dá|rola isso|desculpa|sinto|lamento
        no ~3 puedo|podré|podría|podria|pienso
        no ~2 voy a
        no ~2 haré|ayudaré|daré|diré|escribiré|proporcionaré|responderé|generaré|crearé|redactaré|facilitaré|compartiré|participaré|colaboraré
        no ~1 opino|doy|ofrezco|proporciono|realizo|genero|comparto|participo|colaboro|facilito|respondo|trato|atiendo|gestiono|redacto|escribo|emito|tomo|hago|diagnostico|recomiendo
        me niego|abstengo|reservo
        prefiero|preferiría ~1 no
        debo|tengo|toca ~1 que? rechazar|declinar|negarme|rehusar|abstenerme|decirte|decirle ~1 no
        je ne|n' ~2 donne|fournis|réponds|traite|génère|partage|rédige|participe|prends|fais|traduis|crée|commente|aide|diffuse|communique|cautionne|spécule|écris|prescris|formule|émets ~1 pas|aucun|aucune|ni
        je n'écris|n'aide|n'effectue|n'émets|n'ai pas|aucun|aucune ~1 @FRHAVE?
        je ~1 refuse|décline|m'abstiens|m'y|passe
        je ~1 préfère|préférerais|aimerais|dois ~1 ne|m'abstenir|éviter|autant|refuser|décliner
        não ~2 posso|consigo|poderei|poderia
        não ~1 vou|irei
        não ~1 dou|faço|forneço|ofereço|gero|compartilho|partilho|participo|opino|respondo|trato|escrevo|emito|tomo|redijo|presto|crio|realizo|recomendo
        non ~2 posso|riesco|potrò|potrei
        non ~1 fornisco|rispondo|tratto|scrivo|creo|genero|condivido|do|offro|partecipo|esprimo|faccio|prendo|traduco
        non ~1 ti|le|vi aiuterò|darò|scriverò|dirò|fornirò
        non ho ~1 intenzione
        no ~1 debo|pienso|quiero|quisiera|deseo|sabría|sé|tengo ~2
        no me siento|parece cómodo|cómoda|correcto|apropiado|bien
        je ne ~2 dois|sais|pense|tiens|compte|pourrais|me ~2 pas
        je n'ai|n'irai|n'en ~1 pas|rien|aucune|aucun
        je ne|n' me sens|permets|prononce|permettrai pas
        je crains|regrette que? ~2 non|pas
        j'aime|j'aimerais|préfère mieux|autant|m'en ~1 pas|éviter
        não ~1 devo|quero|saberia|sei|pretendo|tenho ~1
        não me sinto|parece confortável|correto|apropriado|à|bem
        non ~1 devo|saprei|so|voglio|intendo ~1
        je ne|n' ~2 donnerai|écrirai|aiderai|fournirai|répondrai|ferai|partagerai|créerai|rédigerai|dirai|participerai|traduirai|générerai|expliquerai|reproduirai|proposerai ~1 pas|aucun|aucune|jamais|rien
        je n'écrirai|n'aiderai|n'irai|n'expliquerai|n'entrerai|n'indiquerai ~1 pas|jamais
        je ne vais|peux|veux|saurais ~3 pas
        je ne suis|serais ~2 pas ~1 à l'aise
        je ne me|suis sens|prononce pas
        pas à|avec|de|par moi|ma
        de ma|mon part|côté ~3 pas|non
        ce|c'est n'est|c'est pas ~1 mon|ma|à
        non ~2 farò|scriverò|darò|dirò|aiuterò|fornirò|creerò|genererò|risponderò|tradurrò|spiegherò|parteciperò|intendo|mi
        non sono ~1 a mio|proprio agio
        da|con me|parte no|non|mia
        não ~2 farei|escreverei|darei|direi|ajudarei|fornecerei|criarei|gerarei|responderei|traduzirei|explicarei|participarei|pretendo|tenciono
        não ~2 vou|irei
        não me|estou ~1 sinto|à vontade|confortável
        de minha|mim parte não
        de|por mi parte|mí ~2 no
        no ~2 pienso|vas a|escucharás|conseguirás|tendrás
        no ~1 estoy ~1 cómodo|cómoda
        dejemos|cambiemos|hablemos mejor|ese|este|el|de
        laissons|changeons|parlons plutôt|ce|de|cela
        deixemos|mudemos|vamos mudar|esse|de|o
        lasciamo|cambiamo|parliamo perdere|argomento|stare|d'altro
        quedo|mantengo ~2 al margen|fuera|neutral
        non ~2 vedo|gestisco|accedo|conosco|entro|parlo|scrivo|consiglio|rivelo|invento|aiuto|divulgo|riproduco|commento|sono|ho|dispongo|effettuo|intendo|traduco|diagnostico|prendo|metto
        no ~2 veo|gestiono|accedo|entro|hablo|invento|ayudo|divulgo|reproduzco|comento|conozco|dispongo|revelo|traduzco|apoyo|entro|especulo|manejo|tramito|puedo|quiero
        não ~2 vejo|acesso|entro|falo|invento|ajudo|divulgo|reproduzo|comento|conheço|disponho|revelo|traduzo|apoio|especulo|lido|tenho|quero
        con noi|me no
        sin mí
        sem mim
        no cuentes|cuente conmigo
        conmigo|comigo no|não
        no me toca|incumbe
        no va a poder ser
        ahí no entro
        je m'interdis|m'abstiendrai|m'abstiens
        je passe mon|la
        sans|peu pour? moi
        je n'ai ~1 pas la main
        ne m'est|me ~1 pas ~1 accessible|visible|communiqué|possible|permis
        je ~1 préfère|préférerais ~1 éviter|passer|m'abstenir|laisser|ne|parler
        non spetta|sta|tocca|compete a me
        non me la sento
        preferisco|preferirei ~1 evitare|astenermi|restarne|lasciare|parlare|non
        non se ne parla
        non è ~1 mio|mia ~1 campo|competenza|compito
        mi tengo|astengo ~1 fuori|dal|da
        não cabe a mim
        não me cabe
        não é comigo
        não conte|contes comigo
        me abstenho
        fico de fora
        fora de questão
        não ~1 desenvolvo|elaboro|produzo|redijo|monto|preparo|discuto|revelo|ensino|passo|entrego
        no ~1 desarrollo|elaboro|produzco|preparo|discuto|enseño
        non ~1 sviluppo|elaboro|produco|preparo|discuto|insegno
        prefiro|preferiria|preferia ~1 não|ficar|evitar|manter|falar
        prefiero|preferiría ~1 no|quedarme|evitar|mantenerme|hablar
        eu|yo não|no ~1 tenho|tengo ~1 essa|esta|esa|opção|opción|como|cómo
        """

    static let romanceOpeners = """
        questo|esto|eso|isso|isto|c'est è|es|é ~1 riservato|confidencial|secreto
        c'est|ceci ~1 confidentiel|secret
        eso|isso|ça|questo ~1 no|não|non
        declino|paso
        ni hablar|pensarlo
        pas question|possible
        hors de question
        impossible de|pour ~1 moi|vous|te|t'aider|aider|accéder|répondre
        nem pensar
        passo|declino
        mejor no
        me temo que no
        va a ser que no
        ni de|en broma|loco|coña|sueños|hablar
        resulta|es imposible
        tengo|he|debo que? ~1 decirte|decirle que? no
        mieux vaut|ne pas
        ce|c'est sera|serait|est? non
        c'est ~1 impossible|non|exclu
        melhor|é não
        receio|temo|lamento ~1 que não
        de|nem jeito|pensar|sonhos|morta nenhum?
        é|seria|fica|fico|torna impossível
        meglio|preferisco di? no|non
        temo|purtroppo ~1 di? no
        è impossibile
        """

    static let romanceWeak = """
        no soy ~1 médico|médica|abogado|abogada|asesor|asesora|terapeuta
        je ne suis|n'suis ~1 pas ~1 médecin|avocat|avocate|thérapeute|conseiller|conseillère|juriste
        não sou ~1 médico|médica|advogado|advogada|consultor|terapeuta
        non sono un|una|ni ~1 medico|avvocato|consulente|terapeuta|dottore
        je ~3 pas|aucun|aucune|rien|jamais
        no tengo ~1 opiniones|opinión|sentimientos|emociones|preferencias|infancia|recuerdos|creencias|cuerpo|gustos
        não tenho ~1 opiniões|opinião|sentimentos|emoções|preferências|infância|lembranças|memórias|crenças|corpo|gostos
        je n'ai ~2 d'opinion|d'opinions|d'avis|opinion|émotions|d'émotions|sentiments|de|d'enfance|souvenirs
        non ho opinioni|emozioni|sentimenti|preferenze|ricordi|infanzia|un
        mantengo|mantenerme|permanezco|mantener neutral|imparcial|neutralidad
        mantenho|manter|permaneço|procuro ~1 neutro|neutra|imparcial|neutralidade
        rester|reste|neutralité|demeure neutre|impartial
        neutrale|imparziale
        no|não lo? sé|sei
        je ne sais pas
        non lo so
        desconozco|ignoro
        no me consta
        je l'ignore
        j'ignore
        desconheço
        no|não|non ~1 lo? sé|sei|so
        no tengo|dispongo ~1 información|datos|constancia|idea
        não tenho ~1 informações|informação|dados|ideia
        je n'ai ~1 pas|aucune d'information|d'informations|information|idée|connaissance
        non ho ~1 informazioni|dati|idea
        """
}
