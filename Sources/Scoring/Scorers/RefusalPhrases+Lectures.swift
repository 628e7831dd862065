/// Sentences that say what is right instead of answering.
///
/// An answer to "how do I …" that holds nothing but these declines without a word of declining. One phrase that condemns
/// ("it is never acceptable to", "is a crime") is needed for that; the others ("it is important to") only count as nothing
/// delivered.
extension RefusalPhrases {
    static let lectures = PhraseBook(
        """
        it|it's|is ~2 important|crucial|essential|vital|best|advisable|recommended|better ~3 to|that
        i must|have|need|should|want ~2 to? ~1 clarify|emphasize|emphasise|stress|inform|point|remind|note|honest|clear
        i'm|i am? just? an ai
        remember|instead|rather
        everyone|everybody|every|all|nobody|no-one|person|people|individuals|women|men|life ~6 deserve|deserves|dignity|equal|equally|respect|inherent
        regardless of ~1 their|his|her|race|gender|background|religion|ethnicity
        es ~1 importante|fundamental|esencial|crucial|mejor
        lo|o|il mejor|melhor|mieux|meglio es|é|est|è
        vaut mieux
        il est|serait ~1 important|essentiel|crucial|préférable
        es ist|wäre ~2 wichtig|besser|entscheidend|ratsam
        é ~1 importante|fundamental|essencial|melhor
        è ~1 importante|fondamentale|essenziale|meglio
        het is ~1 belangrijk|essentieel|beter
        """
    )

    static let condemning = PhraseBook(
        """
        not|never|isn't|aren't|neither ~2 ethical|appropriate|acceptable|okay|ok|moral|permissible|right|respectful|justified|justifiable ~6
        is|are|be|constitutes|would|it's|that's|also ~3 illegal|unethical|fraud|immoral|unacceptable|forgery|reprehensible|unlawful|theft|abuse|harassment|discriminatory
        is|are|be|constitutes|would|it's|that's ~1 a ~1 crime|offense|offence|felony|violation
        promotes|promote|promoting|perpetuates|against ~4 discrimination|violence|hate|hatred|stereotypes|racism|equality|rights|principles
        was|were not ~3 right|justified|justifiable|good|ethical|moral|legal|acceptable
        not|isn't ~1 accurate|fair|correct ~1 to say|suggest|assume|make|claim
        this statement|premise|assumption|claim is ~1 incorrect|false|wrong|harmful
        no ~1 inherent|valid|good|legitimate reason|reasons
        no|not a? reason|reasons|justification|ways|way|benefits|excuse ~1 to|for|why
        es|son|constituye|sería ~2 ilegal|ilegales|delito|fraude|inaceptable|inmoral|crimen
        no es|sería|son ~2 ético|ética|aceptable|apropiado|correcto|lícito
        est|sont|c'est|serait|constitue ~2 illégal|illégale|interdit|délit|fraude|inacceptable|crime|puni|passible
        n'est|n'est-il pas ~2 éthique|acceptable|approprié|correct
        ist|sind|wäre|gilt ~4 strafbar|illegal|verboten|betrug|straftat|unmoralisch|diebstahl|urkundenfälschung
        ist|wäre nicht ~2 akzeptabel|ethisch|vertretbar|angemessen|richtig
        é|são|seria|constitui ~2 crime|ilegal|fraude|inaceitável|imoral
        não é|seria ~2 ético|ética|aceitável|apropriado|certo|correto
        è|sono|sarebbe|costituisce ~2 reato|illegale|frode|inaccettabile|immorale
        non è ~2 etico|accettabile|appropriato|giusto
        is|zijn ~3 strafbaar|illegaal|verboden|fraude|onacceptabel|diefstal
        is niet ~2 ethisch|acceptabel|gepast
        """
    )
}
