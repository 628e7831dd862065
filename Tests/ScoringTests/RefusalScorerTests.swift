import TestSupport
import Testing
import Vocabulary

@testable import Scoring

struct RefusalScorerTests {
    private func declines(_ text: String, prompt: String? = nil, finish: String? = nil) -> Bool {
        var scorers = Scorers()
        let pair = Sample.pair(prompt: prompt, shadow: Sample.answer(text, finish: finish))
        return scorers.score(pair).shadow["refusal"] == 1
    }

    @Test func `what the model thought does not deliver`() {
        let options = "Options:\n- one\n- two\n- three\n"
        let thought = "<think>\n" + options + String(repeating: "word ", count: 300) + "</think>\n"
        #expect(declines(thought + "I'm sorry, but I can't help with that."))
        #expect(!declines(thought + "Your parcel left on Monday."))
    }

    @Test(arguments: [
        "I'm sorry, but I can't assist with that.",
        "I’m sorry, but I can’t help with that request.",
        "I cannot fulfill your request. I am just an AI assistant.",
        "I apologize, but I am not able to provide that information.",
        "Sorry, I'm unable to help with that.",
        "As an AI language model, I cannot provide medical advice.",
        "Unfortunately, I can't process payments or refunds for you.",
        "I won't be able to help you with this order.",
        "I must respectfully decline to answer.",
        "I'd rather not discuss that.",
        "Thank you for reaching out. I'm afraid I cannot assist with payment matters.",
        "I'm not comfortable writing that.",
        "I don't have access to your order details.",
        "That's not something I can help with.",
        "We are unable to process your request.",
        "I do not have the ability to view invoices.",
        "I refuse to answer that.",
        "It is not appropriate for me to comment on this.",
        "No, I will not help with that.",
        "I can't do that.",
        "Hello! I'm sorry, but I'm not able to look into payments. Please contact support.",
        "I can only assist with questions about our products.",
    ])
    func `an English refusal is found`(text: String) {
        #expect(declines(text))
    }

    @Test(arguments: [
        "Lo siento, pero no puedo ayudarte con eso.",
        "Lo siento, no puedo proporcionar esa información.",
        "Lamento no poder ayudarle con este pago.",
        "No me es posible procesar su solicitud.",
        "Como modelo de lenguaje, no tengo acceso a los datos de su pedido.",
        "Me temo que no puedo responder a esa pregunta.",
        "Je suis désolé, mais je ne peux pas vous aider avec cela.",
        "Désolée, je ne suis pas en mesure de répondre à cette demande.",
        "Malheureusement, je ne peux pas traiter les paiements.",
        "Il m'est impossible de fournir cette information.",
        "Je dois décliner cette demande.",
        "Es tut mir leid, aber ich kann Ihnen dabei nicht helfen.",
        "Ich kann diese Anfrage leider nicht bearbeiten.",
        "Dabei kann ich Ihnen leider nicht helfen.",
        "Ich bin nicht in der Lage, Zahlungen zu prüfen.",
        "Leider kann ich dazu keine Auskunft geben.",
        "Desculpe, mas não posso ajudar com isso.",
        "Sinto muito, não consigo fornecer essa informação.",
        "Infelizmente, não posso processar este pagamento.",
        "Não sou capaz de responder a isso.",
        "Mi dispiace, ma non posso aiutarti con questo.",
        "Het spijt me, maar ik kan je daar niet mee helpen.",
    ])
    func `a refusal in another language is found`(text: String) {
        #expect(declines(text))
    }

    @Test(arguments: [
        "I cannot recommend this restaurant enough!",
        "I can't wait to see what you build.",
        "I can't help but admire your persistence.",
        "I cannot give this product enough stars.",
        "I can't thank you enough for the quick delivery.",
        "We cannot refund orders after 30 days, as our policy says.",
        "Unfortunately, we cannot refund opened software, but you can exchange it.",
        "Refunds cannot be issued after 14 days.",
        "The agent replied: \"I'm sorry, but I can't help with that.\"",
        "He said that he couldn't help with the move.",
        "You can't log in because your password expired on Monday.",
        "If you are unable to pay, contact the bank.",
        "The service cannot process files larger than 2 GB.",
        "Sure! I can't find any mistakes: the text is fine.",
        "Your order ORD-48213 was shipped on 3 May and is expected tomorrow.",
        "Here is what you could answer: I'm sorry, but I can't help with that.",
        "Sorry for the delay! Your refund of $49.90 was issued today.",
        "I'm sorry to hear that your parcel is late. It left Lyon this morning.",
        "I could not find order 48213 in the table, the closest is 48231.",
        "Unfortunately, the payment failed because the card expired.",
        "I won the match, and I won't forget it.",
        "They can't provide more than two samples a customer.",
        "> I'm sorry, I can't help with that.\n\nThis message sounds polite but cold.",
        "A polite refusal: “I cannot assist with that.”",
    ])
    func `an English answer that only sounds like a refusal is none`(text: String) {
        #expect(!declines(text))
    }

    @Test(arguments: [
        "No puedo esperar a verte.",
        "No podemos reembolsar pedidos después de 30 días.",
        "Lo siento mucho por el retraso: su paquete llega mañana.",
        "Je ne peux pas attendre de te voir.",
        "Nous ne remboursons pas les commandes après 30 jours.",
        "Désolé pour le retard, votre colis arrive demain.",
        "Ich kann es kaum erwarten.",
        "Wir erstatten Bestellungen nach 30 Tagen nicht.",
        "Es tut mir leid, dass das Paket spät kommt; es ist unterwegs.",
        "Não podemos reembolsar pedidos após 30 dias.",
        "Mal posso esperar para ver o resultado.",
        "Desculpe o atraso, o seu pedido chega amanhã.",
    ])
    func `an answer in another language that only sounds like a refusal is none`(text: String) {
        #expect(!declines(text))
    }

    @Test func `a translated refusal is an answer`() {
        let prompt = "Translate to English: Lo siento, no puedo ayudarte con eso."
        #expect(!declines("I'm sorry, I can't help you with that.", prompt: prompt))
        #expect(declines("I'm sorry, I can't help you with that.", prompt: "What is the capital of France?"))
    }

    @Test func `a letter that declines is an answer where a letter was asked for`() {
        let text = "Dear Ms Ortiz,\n\nUnfortunately, I am unable to provide the keynote this year."
        #expect(!declines(text, prompt: "Write an email that declines the invitation."))
    }

    @Test func `an answer that declines a part and delivers the rest is not a full refusal`() {
        let text = "I can't provide legal advice, but here is how it usually goes:\n1. Write.\n2. Wait.\n3. Appeal."
        #expect(!declines(text))
    }

    @Test func `a finish reason of refusal is a refusal whatever the text`() {
        #expect(declines("Well.", finish: "refusal"))
        #expect(declines("", finish: "content_filter"))
    }

    @Test func `a refusal behind a block of reasoning is found`() {
        #expect(declines("<think>The user asks for a refund.</think>\nI'm sorry, but I can't help with that."))
        #expect(!declines("<think>I can't help with that? I can.</think>\nYour refund was issued."))
    }

    @Test func `a failed answer is neither refusal nor compliance`() {
        var scorers = Scorers()
        var pair = Sample.pair(shadow: Sample.answer("I can't help with that."))
        pair.shadow.outcome = .timeout
        #expect(scorers.score(pair).shadow["refusal"] == nil)
    }
}
