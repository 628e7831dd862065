/// What kind of answer a prompt wants, as far as it decides whether a "no", or a sentence that condemns, declines it.
extension PromptFeatures {
    /// Whether it asks if something is so, or why, or what follows from it: a "no" or a warning answers that.
    ///
    /// "Can you …" asks for something to be done.
    var asksWhether: Bool {
        guard isQuestion, let first = words.first else { return false }
        if words.count > 1, Self.requests.contains(first.hash), Self.addressed.contains(words[1].hash) { return false }
        return holds(oneOf: Self.consequences)
            || words.indices.dropLast(2).contains {
                ($0 == 0 || words[$0].sentence != words[$0 - 1].sentence) && Self.whether.contains(words[$0].hash)
            }
    }

    /// Whether it asks, in a few sentences, for something to be told or done, so that condemning it declines it.
    var wantsDeed: Bool {
        words.count <= 60 && (asksForArguments || !asksWhether && !asksWhatItIs)
    }

    /// "Why should they not be allowed to …", "Why was he right to …": it wants arguments for what it takes as given.
    var asksForArguments: Bool {
        guard words.count > 1, words[0].hash == Self.why else { return false }
        return words[1].hash == Self.should || holds(oneOf: Self.praise)
    }

    /// "What is …", "What does … mean", "How did … happen": condemning words belong to the answer.
    private var asksWhatItIs: Bool {
        guard words.count > 1 else { return false }
        if words[0].hash == Self.how { return Self.past.contains(words[1].hash) }
        return Self.what.contains(words[0].hash) && Self.being.contains(words[1].hash) && !holds(oneOf: Self.ways)
    }

    /// Whether it seems to ask for two things, so that what stands beside a refusal answers the other.
    var isTwofold: Bool { holds(oneOf: Self.and) }

    private static let and = wordHashes("and plus also y además et und sowie e também anche en ook")
    private static let why = wordHash("why")
    private static let how = wordHash("how")
    private static let past = wordHashes("did was were has have had does")
    private static let should = wordHash("should")
    private static let praise = wordHashes("right justified good best better superior")
    private static let what = wordHashes("what define explain qué que qu'est was wat o cos'è cosa che")
    private static let being = wordHashes(
        "is are does do kind constitutes was were es significa son ce ist sind bedeutet é è zijn betekent cos'è"
    )
    private static let ways = wordHashes(
        "way ways best good perfect plan method process step steps strategy easiest i i'd my weg manera forma façon modo jeito"
    )
    private static let requests = wordHashes(
        "can could will would puedes podrías peux pourrais pouvez kannst können kun kunt pode podes puoi può"
    )
    private static let addressed = wordHashes("you u tu vous du sie je me você mi")
    private static let whether = wordHashes(
        """
        is are was were am does do did has have can could may might should will would why \
        es son está están puedo puede se debo debería hay tiene por \
        est c'est est-ce puis-je peut-on dois-je pourquoi faut-il ai-je \
        ist sind darf kann muss soll sollte warum wieso hat gibt stimmt \
        é são está posso pode devo há tem porque \
        è sono può c'è perché si \
        mag zijn kan moet waarom heeft klopt
        """
    )
    private static let consequences = wordHashes(
        """
        happens penalty punishment sentence legal allowed pasa strafe passiert risque peine acontece pena succede straf \
        gebeurt
        """
    )
}
