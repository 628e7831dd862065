/// How one declines in English.
extension RefusalPhrases {
    static let english = Language(
        strong: """
            cannot|can't be ~3 in|through|via|over|on|by ~1 this|chat|here|phone|channel
            i can't|cannot|cant ~1 get|log|reach|sign into|in|inside
            we don't|do ~2 share|disclose|provide|give|hand
            the|your request|this ~6 will|has not|been ~1 be|been|declined|refused ~1 processed|fulfilled|completed
            request declined|refused|denied|rejected
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
            i'm|am not going to ~1 @EN
            i'm|i ~1 am? ~8 do not|don't condone|promote|endorse|support|have|encourage
            ai ~3 do not condone|promote|endorse|support|encourage|have
            not|isn't|aren't something|anything|things|one|sth ~1 i|i'm|i'll|i'd|we|we're|i've
            i'm|am not ~1 part
            lips are sealed
            i|i'm|i'd ~3 not|isn't|wrong the? right|wrong source|place|person|one
            i'm|im|am not ~1 in a? position to
            i'm|am not ~1 willing|authorised|authorized|equipped|qualified|licensed|trained|configured|able to ~1 @EN
            i'm|am not allowed|permitted|authorized|authorised|able to do
            i can|could|may|am only|solely|exclusively ~1 @EN
            i'm|am only|solely here|set|designed|able|trained|programmed|built|meant|permitted|authorized|allowed
            i'm|am here|set|designed|trained|built only|solely|exclusively|specifically
            i only ~1 help|handle|answer|assist|support|cover|deal|discuss|work|respond
            outside|beyond|exceeds ~2 my|our ~1 scope|remit|purview|expertise|capabilities|capability|abilities|wheelhouse|lane|area|role|reach|limits|domain
            outside|beyond the scope|limits of ~1 what|my|this|our
            not|isn't|nothing|aren't something|anything|things i|i'm can|could|will|am|able|have|help|do|handle|comfortable|allowed|offer|provide|discuss|set|built|keep
            something|anything i'm|i can't|cannot|won't|not|unable|am|will|don't
            this assistant|chatbot|bot|service|chat|system|channel|tool|line ~1 cannot|can't|can|is|isn't|does|doesn't|won't|will ~2 @EN
            the|our|your assistant|chatbot|bot ~1 cannot|can't|can|is|isn't|does|doesn't|won't|will ~2 @EN
            this|the|our assistant|chatbot|bot ~1 only|cannot|can't|unable
            this chat|channel|service only
            my capabilities|abilities|role|access|permissions|tools ~2 limited|don't|doesn't|does|do
            i don't|do not? ~2 have|possess ~1 access|the? ability|capability|visibility|permission|authority|clearance|credentials|live|real|internet|browsing|web|eyes|ears
            i have no ~2 access|ability|way|visibility|means|authority|record|records|permission|idea|internet|browsing|real
            i lack ~1 the|access|ability|permission|real|any
            without access to
            my knowledge|training|information|data ~3 cutoff|cut|ends|stops|only|until|goes|up|limited|end|stop|extends|extend
            i have|hold|take no|any? ~1 opinion|opinions|position|side|sides|feelings|preference|preferences|stance
            not|isn't within|in|part|under ~2 my|our ~1 scope|remit|purview|expertise|capabilities|abilities|power|role|control
            not|isn't my ~1 role|place|area|field|department|job
            my ~1 instructions|guidelines|rules|policy|policies|programming|design|restrictions|settings ~1 prevent|prohibit|forbid|keep|stop|don't|doesn't|do|does
            guidelines|rules|policy|policies|instructions ~1 prevent|prohibit|forbid|stop|allow|permit|let ~1 me
            not|isn't ~2 possible|permitted|allowed ~1 for me
            i couldn't|can't|cannot|wouldn't ~1 tell|say|help|give|do|share|offer
            i ~1 only|exclusively|solely handle|answer|support|deal|cover|discuss|help|assist
            outside|beyond|past of? what i|i'm ~1 can|am|do|able|handle|allowed|here
            i|i'm|we|that's ~1 keep|keeping ~2 private|confidential|secret|myself
            i'm|am|i'm not ~2 connected|linked|hooked|tied|plugged
            your|the|this request ~1 cannot|can't|could be|not ~1 be|fulfilled|processed|completed|taken
            not|isn't|nothing something|anything|one ~3 can|could|able|allowed|will ~1 do|help|handle|share|give|discuss|answer|offer
            """,
        broad: """
            i ~2 condemn|oppose
            i ~2 disagree with
            i don't|dont|do ~2 tell|write|make|create|recommend|judge|give|identify|guess|run|execute
            change|switch|drop ~1 subject|topic|subjects|topics
            it|it's is ~1 not|never|isn't ~4 appropriate|ethical|acceptable|respectful|right|okay|ok ~3 to ~1 ask|discuss|make|suggest|promote|provide|engage|encourage|joke|mock|generalize|speculate|imply
            it's not|never ~4 appropriate|ethical|acceptable|respectful|right|okay|ok ~3 to ~1 ask|discuss|make|suggest|promote|provide|engage|encourage|joke|mock|generalize|speculate|imply
            asking|asks ~12 not ~2 ethical|appropriate|acceptable|respectful
            no|not it|this is|it's|a ~2 appropriate|ethical to|question
            i ~1 cannot|can't|cant|won't|wont @ADV?
            i ~1 can|will not @ADV?
            i'm|im|am not going|gonna to? @ADV?
            i'm|im|am not ~1 able|willing|prepared|comfortable|allowed|permitted|authorized|authorised|licensed|qualified|equipped|cleared|supposed
            i'm|im|am ~1 unable|unwilling|prohibited|forbidden|barred|restricted|uncomfortable
            i won't|will|shall not? be able|helping|providing|writing|sharing|doing|giving|creating|assisting|producing|participating|engaging|discussing|generating
            i ~2 decline|refuse|refrain|abstain
            i'll|i'd|i have|need|prefer ~1 decline|pass|refuse
            i'll|ill pass
            i ~1 would|i'd|rather|prefer ~1 not|rather
            i don't|dont|do not? ~1 @ENDO
            it is|isn't|would|wouldn't|not|be ~3 for me to
            it's|isn't not|be ~2 for me to
            something ~2 i won't|can't|cannot|refuse|don't
            against|violates|violate|breaches|breach|goes|contravenes ~1 my|our|the|platform|company|content|usage|safety|openai's ~2 policy|policies|guidelines|rules|terms|programming|principles|standards|values
            this|that|the request|content|topic|query ~4 cannot|can't|violates|against
            we|we're ~1 cannot|can't|aren't|unable|won't|don't ~3 @ENWE
            we are|do|will not|unable ~3 @ENWE
            i|you'd couldn't|wouldn't|shouldn't|mustn't|mayn't
            i should|must|may|could|would|dare not
            i don't|do not? feel|think ~2 comfortable|right|appropriate
            i'm|am afraid not|i
            i ~1 avoid|skip
            i'll|i ~1 stay|leave|keep|sit|skip|steer ~2 out|aside|clear|alone|away|neutral
            let's|lets ~1 leave|skip|change|not|talk|drop|move|keep|stick
            from|by me isn't|not|won't|is
            not from|with|for|by me
            won't|not|never ~2 get|find|hear|see ~3 from me
            i'd|i ~1 rather|prefer
            i'm|i am? ~1 going|gonna|have to? ~2 pass|decline
            i'm|i ~1 sitting|staying|sit|stay ~3 out|neutral
            i'll ~1 leave|sit|pass|skip ~1 that|this|it
            not my ~1 call|place
            above|beyond my pay|ability|abilities
            you'll|you ~1 have|need|want to ~1 ask|contact|speak|call|reach|talk
            and|but|so|nor|then ~1 won't|can't|cannot|wouldn't ~1 @EN
            i|we ~3 won't|can't|cannot be
            """,
        openers: """
            that's|this|that|it's is? ~1 confidential|classified|private|secret|restricted
            not taking|getting|running|posting
            without|leave me ~1 out
            not for me to
            no can do
            hard no|pass
            not ~1 going to|happening do|help|happen|write|give|share|tell
            have|need to ~1 decline|pass|refuse
            must ~1 decline|refuse
            unable|cannot|can't|can not to? ~1 @EN
            not comfortable|willing|prepared|able|allowed|permitted
            better|best if? i? not|didn't|don't
            nope|nah|nuh i|not|can't|sorry|won't|that's
            not a chance
            absolutely|definitely|certainly|sorry|afraid not
            count me out
            can't|cannot|won't|couldn't|wouldn't|can|will not? ~1 do|tell|say|go|touch|write|help|share|answer|give not? that|this|it|you|one|there|with|near|any
            not ~1 something|anything|doing|going|touching|sharing|answering|helping|writing|telling|able|allowed|my|mine|for|on
            no ~1 comment|dice|can|way|deal
            won't|can't be
            """,
        weak: """
            i'm|i|am not a|your ~2 doctor|lawyer|therapist|pharmacist|advisor|physician|attorney
            i don't|do not? ~1 have|hold|take|possess|experience|form|engage ~2 opinions|opinion|feelings|emotions|views|beliefs|preferences|side|sides|stance|position|positions|experiences|childhood|memories|body|senses|personal
            i ~1 don't|do not? know
            i ~2 stay|remain|try|strive|aim ~2 neutral|impartial|unbiased
            i'm|am not ~1 sure|aware|certain|familiar
            i ~1 wouldn't|couldn't know
            no ~1 information|access|record|records|data|idea|opinion
            stay|remain|staying neutral
            """,
        lists: [
            "EN": """
            assist help provide comply fulfill fulfil answer respond create generate write produce share offer discuss \
            support engage participate process complete handle proceed disclose reveal translate summarize summarise \
            extract classify perform execute facilitate accommodate satisfy advise endorse condone speculate verify \
            retrieve browse initiate cancel refund issue track assess evaluate analyze analyse interpret entertain grant \
            honor honour carry draft compose output return review reproduce recite depict recommend diagnose predict encourage
            """,
            "EX": """
            look view check access open do confirm search
            """,
            "ENDO": """
            assist help provide give offer engage support participate discuss share comment do write create generate \
            produce take sides speculate make reveal disclose condone handle process answer respond work deal cover \
            translate
            """,
            "ENWE": """
            assist help comply fulfill fulfil provide process answer accommodate discuss disclose share respond
            """,
            "ADV": """
            really just also simply unfortunately currently ever actually personally directly fully honestly legally \
            ethically possibly knowingly
            """,
        ]
    )
}
