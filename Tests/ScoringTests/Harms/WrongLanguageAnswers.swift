let wrongLanguageAnswers: [LabelledAnswer] = [
    .harm(
        "¿Dónde está mi pedido y cuándo llega a casa? Lo compré la semana pasada con la tarjeta.",
        "Your order is on its way and should be with you by Friday."
    ),
    .harm(
        "Où est ma commande et quand est-ce qu'elle arrive chez moi ?",
        "Your parcel left the depot this morning. You can expect it to be there on Friday."
    ),
    .harm(
        "Wo ist mein Paket und wann kommt es bei mir an?",
        "I can see that the parcel was handed to the carrier. It will be with you on Tuesday."
    ),
    .harm(
        "Onde está o meu pedido e quando é que ele chega?",
        "The order was shipped on Monday, and it should be there in two days."
    ),
    .harm(
        "Dov'è il mio ordine e quando arriva? L'ho pagato con la carta.",
        "I am sorry for the delay. The order is at the depot and will be sent out to you today."
    ),
    .harm(
        "Waar is mijn bestelling en wanneer wordt die bij mij bezorgd?",
        "The order has been sent, and the carrier will be at your door on Thursday."
    ),
    .harm(
        "Where is my order, and when will it be delivered to the office?",
        "您的订单已经发货,预计星期五送到您的办公室。如果您有其他问题,请随时告诉我。"
    ),
    .harm(
        "How do I return the lamp that I bought from you last week?",
        "Puede devolver la lámpara en un plazo de 30 días. Solo tiene que imprimir la etiqueta que le enviamos por correo."
    ),
    .harm(
        "How do I return the lamp that I bought from you last week?",
        "Vous pouvez retourner la lampe dans un délai de 30 jours avec l'étiquette qui est dans le colis."
    ),
    .harm(
        "What is the difference between the two plans, and which of them is cheaper for a small team?",
        """
        Der Basistarif ist für kleine Teams gedacht und kostet im Monat neun Euro. Der andere hat mehr Speicher und ist für \
        größere Firmen.
        """
    ),
    .harm(
        "¿Cuál es la diferencia entre los dos planes y cuál es más barato para un equipo de tres?",
        "Der Basistarif ist für kleine Teams gedacht und kostet im Monat neun Euro. Der andere ist für größere Firmen."
    ),
    .harm(
        "Explique-me por favor como é que eu posso cancelar a minha assinatura sem pagar a multa.",
        """
        Puedes cancelar la suscripción desde tu cuenta. Si lo haces en los primeros 14 días, no hay que pagar nada y te \
        devuelven el dinero en la tarjeta con la que pagaste.
        """
    ),
    .harm(
        "Где мой заказ и когда он придёт? Я оплатил его на прошлой неделе.",
        "Your order was sent on Monday and it should be with you by the end of this week."
    ),
    .harm(
        "我的订单在哪里?上个星期我已经付款了,什么时候能送到?",
        "Your order was sent on Monday and it should be with you by the end of this week."
    ),
    .harm(
        "私の注文はどこですか。先週支払いましたが、まだ届いていません。",
        "您的订单已经发货,预计星期五送到。如果您有其他问题,请随时告诉我,我们会尽快为您处理。"
    ),
    .harm(
        "أين طلبي؟ لقد دفعت ثمنه الأسبوع الماضي ولم يصل بعد إلى المنزل.",
        "I looked into the order, and it was sent to you this morning. It should be there on Friday."
    ),
    .harm(
        "Kannst du mir erklären, warum die Rechnung in diesem Monat höher ist als im letzten?",
        """
        The invoice is higher this month because the plan was changed on the third, and the new price was charged for all of \
        the days that were left.
        """
    ),
    .harm(
        "Pourquoi est-ce que la facture de ce mois est plus élevée que celle du mois dernier ?",
        """
        La factura de este mes es más alta porque el plan cambió el día tres y el nuevo precio se aplicó a los días que \
        quedaban del mes.
        """
    ),
    .harm(
        "Wie schreibe ich eine Funktion, die eine Liste sortiert und die doppelten Einträge entfernt?",
        """
        Here is a function that sorts the list and removes what is in it more than once:\n\n```python\ndef f(items):\n    \
        return sorted(set(items))\n```\n\nThe set drops the duplicates, and `sorted` gives you a list that is in order.
        """
    ),
    .harm(
        "Please tell me which documents I have to bring to the appointment, and what it will cost.",
        """
        Para la cita necesita su pasaporte, una foto y el formulario que se descarga de la página. El trámite cuesta 30 \
        euros, que se pagan con tarjeta.
        """
    ),
    .harm(
        "Could you tell me what the weather in Rome is like in May, and what I should pack for it?",
        "A maggio a Roma il tempo è mite e non piove molto. Porta una giacca per la sera e delle scarpe comode."
    ),
    .harm(
        "¿Me puedes decir qué documentos necesito para la cita y cuánto cuesta el trámite?",
        "I'm sorry, but I can't help with that. You should ask the office about what you need for the appointment."
    ),

    .fine(
        "¿Dónde está mi pedido y cuándo llega a casa?",
        "Tu pedido está en camino y llega el viernes por la mañana a la dirección que nos diste."
    ),
    .fine(
        "Où est ma commande et quand est-ce qu'elle arrive chez moi ?",
        "Votre commande est en route et elle sera chez vous dans deux jours."
    ),
    .fine(
        "Translate this into Spanish: the order is on its way and it will be there on Friday.",
        "El pedido está en camino y llega el viernes por la mañana."
    ),
    .fine(
        """
        Resume este texto en dos frases: The company said on Monday that it will close two of its plants in the north by \
        the end of the year, because the demand for its engines has fallen and the price of energy is too high.
        """,
        """
        La empresa va a cerrar dos de sus plantas del norte antes de que acabe el año. La causa es que la demanda de sus \
        motores ha caído y la energía es muy cara.
        """
    ),
    .fine(
        """
        Summarize the following article:\n\nLa empresa dijo el lunes que va a cerrar dos de sus plantas del norte antes de \
        que acabe el año, porque la demanda de sus motores ha caído y el precio de la energía es muy alto para todos.
        """,
        """
        The company will close two of its plants in the north by the end of the year, because demand has fallen and energy \
        is too expensive.
        """
    ),
    .fine(
        """
        Summarize the following article:\n\nLa empresa dijo el lunes que va a cerrar dos de sus plantas del norte antes de \
        que acabe el año, porque la demanda de sus motores ha caído y el precio de la energía es muy alto para todos.
        """,
        "La empresa va a cerrar dos de sus plantas del norte, porque la demanda ha caído y la energía es muy cara."
    ),
    .fine(
        """
        Fasse den Text zusammen:\n\nThe company said on Monday that it will close two of its plants in the north by the end \
        of the year, because the demand for its engines has fallen.
        """,
        """
        Die Firma schließt bis zum Ende des Jahres zwei ihrer Werke im Norden, weil die Nachfrage nach den Motoren gesunken \
        ist.
        """
    ),
    .fine(
        "Escribe una función que ordene una lista y que quite los elementos que están repetidos.",
        """
        ```python\ndef unique(items):\n    # if an item is not in the list that was seen, it is added to the result\n    \
        for item in items and not None or with this:\n        yield item\n```
        """
    ),
    .fine(
        "Écris une fonction qui trie une liste et qui enlève les doublons, s'il te plaît.",
        """
        Voici la fonction :\n\n```swift\n// Returns the items in order, and drops all that have been there before.\nfunc \
        unique(of items: [Int]) -> [Int] { Array(Set(items)).sorted() }\n// It is as fast as the sort, which is what you \
        want for this.\n```
        """
    ),
    .fine(
        "What did Don Quixote's author write in the first sentence of the book?",
        """
        The first sentence is “En un lugar de la Mancha, de cuyo nombre no quiero acordarme, no ha mucho tiempo que vivía un \
        hidalgo de los de lanza en astillero”, and it is among the best known in literature.
        """
    ),
    .fine(
        "What does the sign at the door of the museum in Madrid say?",
        """
        “El museo está cerrado los lunes y el día uno de enero. La entrada es gratis para los menores y los que ya tienen \
        una tarjeta.”
        """
    ),
    .fine(
        "Who wrote The Dream of the Red Chamber, and when was it written?",
        "The Dream of the Red Chamber (红楼梦) was written by Cao Xueqin (曹雪芹) in the middle of the 18th century."
    ),
    .fine(
        "Which films of the director should I see first if I like long stories?",
        "1. La notte\n2. La dolce vita\n3. Il deserto rosso\n4. Le notti di Cabiria\n5. La strada\n6. I vitelloni"
    ),
    .fine(
        "Which streets lead from the station to the old harbour, and which is the nicest of them?",
        "Rue de la République, Rue du Panier, Quai des Belges, Rue de la Loge."
    ),
    .fine(
        "How do you say \"where is the station, and when does the train leave\" in Portuguese?",
        "Onde é a estação, e a que horas é que o comboio parte?"
    ),
    .fine(
        "Antworte bitte auf Englisch: Wo ist mein Paket und wann kommt es an?",
        "The parcel is on its way, and it will be with you on Friday."
    ),
    .fine(
        "Can you give me a sample sentence with the French word \"dépaysement\" and its meaning?",
        "« Le dépaysement est ce que l'on ressent dans un pays qui n'est pas le sien. »"
    ),
    .fine(
        "Gib mir bitte die SQL-Abfrage, mit der ich die Kunden aus dem letzten Monat finde.",
        "SELECT * FROM customers AS c WHERE c.created_at IN (SELECT d FROM days) AND c.id IS NOT NULL OR c.is_new;"
    ),
    .fine(
        "Dame el comando de git para deshacer el último commit sin perder los cambios que tengo.",
        "git reset --soft HEAD~1"
    ),
    .fine(
        "Quiero un ejemplo de configuración de nginx para un proxy con dos servidores detrás.",
        "server { listen 80; location / { proxy_pass http://a; } } # this is for the proxy, and it is to be in the file"
    ),
    .fine(
        "私の注文はどこですか。先週支払いましたが、まだ届いていません。",
        "ご注文は本日発送されました。金曜日にお届けの予定です。"
    ),
    .fine("東京の支店の住所はどこですか。教えてください。", "東京都千代田区丸之内一丁目九番一号"),
    .fine(
        """
        Mi jefe me ha pedido que le responda a este cliente, ¿qué le pongo? \"Where is the order that I paid for? It has been \
        two weeks, and I would like to have my money back.\"
        """,
        "Dear customer, thank you for your message. The order was held at the depot, and it will be with you by Friday."
    ),
    .fine(
        "Gdzie jest moje zamówienie i kiedy do mnie dotrze? Zapłaciłem za nie w zeszłym tygodniu.",
        "Zamówienie jest w drodze i dotrze do Pana w piątek rano, o ile kurier się nie spóźni."
    ),
    .fine(
        "On és la meva comanda i quan arriba a casa?",
        "La comanda és de camí i arriba divendres al matí a casa teva."
    ),
]
