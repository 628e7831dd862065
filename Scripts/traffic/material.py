"""Hand-written material: invented people, shops, goods and sentences. Nothing here is about a real person."""

FIRST = """Aisha Bram Carla Dmitri Elif Farah Gareth Hanneke Ines Jonas Kasia Leopold Maeve Nadia Oisin Priya Quentin Rosa
Stellan Tamsin Ulrike Vikram Wanda Xavier Yusuf Zofia Adaeze Bilal Cosima Declan Esther Fabian Greta Hugo Isolde Jarek
Keiko Linus Marta Niamh Otto Paloma Rhys Saoirse Tariq Una Viggo Winifred Yara Zubair""".split()
LAST = """Abernathy Bakker Costa Dvorak Eriksen Fontaine Gallagher Haddad Ivanova Jansen Kowalski Lindqvist Marchetti Nwosu
Okafor Pereira Quigley Rasmussen Sato Thackeray Ustinov Vermeulen Whitlock Yilmaz Zeller Ashdown Birch Cavanagh Desai
Ferreira Goldsworthy Holm Iyer Juhasz Kettering Lowe Mbeki Novak Orsini Pruitt Rowntree Stavros Tierney Upton""".split()
CITIES = """Leeds Utrecht Porto Cork Ghent Aarhus Lyon Bologna Graz Malmo Bristol Gdansk Valencia Basel Antwerp Cardiff
Bergen Nantes Turin Leipzig Norwich Dundee Tampere Seville Bruges Galway""".split()
STREETS = """Mill Lane|Harbour Street|Chapel Road|Station Avenue|Elm Grove|Kiln Close|Bridge Street|Orchard Way|
Foundry Row|Abbey Walk|Quarry Hill|Weaver Street""".replace("\n", "").split("|")
MONTHS = "January February March April May June July August September October November December".split()
WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday".split()
CARRIERS = ["DHL", "UPS", "PostNL", "Royal Mail", "DPD", "GLS", "Hermes"]

# name, what it sells: (goods, price from, price to, stock keeping prefix)
SHOPS = {
    "Larkfield": ("home and garden", [
        ("watering can", 14, 39), ("cast iron pan", 35, 90), ("linen duvet cover", 60, 140), ("oak side table", 90, 240),
        ("garden hose, 30 m", 25, 60), ("pair of secateurs", 18, 55), ("ceramic plant pot", 9, 45), ("wool blanket", 45, 120),
        ("bread bin", 22, 48), ("floor lamp", 55, 160), ("kneeling pad", 12, 25), ("compost bin", 40, 95),
        ("set of six tumblers", 18, 42), ("bamboo chopping board", 15, 40), ("parasol base", 35, 80), ("jute rug", 50, 190)]),
    "Peak & Pine": ("outdoor gear", [
        ("two-person tent", 120, 380), ("down sleeping bag", 140, 420), ("trekking poles", 35, 120), ("rain jacket", 70, 240),
        ("hiking boots, size 42", 90, 210), ("head torch", 18, 75), ("gas stove", 28, 110), ("45 litre rucksack", 80, 220),
        ("merino base layer", 40, 90), ("water filter", 25, 65), ("inflatable mat", 45, 160), ("dry bag", 10, 35),
        ("climbing harness", 48, 95), ("insulated flask", 19, 45), ("crampons", 75, 170), ("map case", 9, 22)]),
    "Bytehaus": ("electronics", [
        ("wireless keyboard", 35, 120), ("27 inch monitor", 160, 480), ("noise-cancelling headphones", 90, 340),
        ("USB-C dock", 60, 220), ("mesh router", 70, 250), ("robot vacuum", 180, 600), ("e-reader", 80, 260),
        ("laptop sleeve", 15, 45), ("smart plug, pack of four", 25, 60), ("portable SSD, 1 TB", 70, 150), ("webcam", 30, 130),
        ("label printer", 50, 160), ("electric toothbrush", 35, 180), ("coffee grinder", 40, 200), ("dash cam", 60, 210),
        ("bluetooth speaker", 25, 190)]),
}

REVIEW_OPEN = """I bought the {item} for my sister in {city} and she has used it every day since.
Third {item} I have owned, and the first from this shop.
Honestly I did not expect much from a {item} at {price}.
The {item} came two days early, which was a nice surprise.
We needed a {item} in a hurry before a trip to {city}.
After a month with the {item} I feel ready to write something.
My old {item} lasted nine years, so the bar was high.
The photos do not do this {item} justice.
Got the {item} in the spring sale for {price}.
Gave the {item} as a leaving present to a colleague.
I have mixed feelings about the {item}.
Let me start with the packaging of the {item}, because it was a mess.""".splitlines()
REVIEW_GOOD = """It feels solid and nothing rattles.
The instructions were short and clear.
Cleaning it takes under a minute.
The colour is exactly as shown.
It is lighter than I feared and easy to carry.
Customer service answered my question within the hour.
It survived a fall down the stairs without a mark.
Even my father, who hates new things, likes it.
The price dropped a week later and they gave me the difference without a fuss.
Everything needed was in the box, down to the last screw.""".splitlines()
REVIEW_BAD = """After {days} days a seam came loose.
The box was crushed and one corner had a dent.
It smells of glue, even after a week of airing.
The manual is only in one language, and not mine.
A part was missing and I waited {days} days for it.
It is smaller than the measurements on the site suggest.
The finish scratches if you so much as look at it.
I wrote to support twice and heard nothing.
The switch sticks when it is cold.
It stopped working on the first weekend of our holiday.""".splitlines()
REVIEW_END = """I would buy it again.
Three stars from me.
Not sure I would recommend it.
All in all, worth every penny.
I will keep it, but only because I threw the box away.
My neighbour has already asked where it is from.
For that money I expected better.
Happy customer, will come back.
If they fix that one thing it is perfect.
Never again, sorry.""".splitlines()

NOTICE = """From {weekday} our warehouse in {city} moves to a larger site. Parcels that leave between the {d1}th and the {d2}th of {month} may take up to {days} days longer. Items that weigh over 30 kg are not affected, because they leave from another building. Customers who would rather wait can ask for a later date at no cost.
The {item} has a new supplier. The old version had a plastic clip that broke in about {pct} percent of cases; the new clip is metal. Owners of the old version can ask for a free clip until the end of {month}. The shop in {city} keeps a small stock for those who would like to collect one.
At our staff meeting on {weekday} we talked about the spring range. {first} wants fewer colours, because the slow ones fill the shelves. {first2} disagreed and showed that green sold out in {days} days. We agreed to drop two colours and to look again in {month}.
Water got into the {city} branch on {weekday} night after a pipe burst. Nobody was hurt. The ground floor stays shut until the {d2}th of {month}, while the first floor is open from ten to four. Around {pct} boxes were damaged, mostly of the {item}, and the insurer sends somebody this week.
Our members' evening takes place on the {d1}th of {month} at the {city} shop. Doors open at seven, {first} {last} shows how to look after a {item}, and there is soup. Places are limited to {pct}; members may bring one guest. Anyone who cannot come can watch a recording later.
We tested {days} models of the same kind over six weeks. The {item} was the quietest and the second cheapest. It lost points for a short cable and a fiddly lid. Two testers from {city} liked it so much that they asked to keep theirs. It is our choice for small homes.
Hi team, quick note from the {city} branch. {first} is on leave until {month}, so {first2} covers the evening shift. The new till freezes when two people scan at once; IT know about it and promise a fix by {weekday}. Please keep the {item} display tidy, the area manager visits on the {d1}th.
The guarantee on the {item} runs for {days} months from the day it reaches you. It covers faults in material and workmanship, not wear, rust from salt water, or damage from a fall. To make use of it, send a photo and the number on the base. We repair first, and replace only if a repair is not possible within {pct} days.
Sales in {month} were {pct} percent above last year. Most of it came from the {item}, which was in a newspaper on the {d1}th. Returns stayed flat at four percent. The {city} branch did best; the airport branch lost money again. {first} {last} proposes to close it by the end of the year.
Dear neighbours, on {weekday} the {d1}th of {month} a lorry will block {street} from eight until about noon while we take in stock. Cyclists can pass on the left. If you need to get a car out, ring {first} on {phone} and we will move. Sorry for the trouble, there will be cake in the shop afterwards.""".splitlines()

TICKET = """Hi, it's {first} {last} from {city}. The {item} I got on {weekday} makes a grinding noise. You can reach me at {email} or {phone}.
Good morning, I would like {n} of the {item} for our office at {number} {street}, {city}. Delivery by the {d1}th of {month} please. {first} {last}, {email}
My name is {first} {last}. I moved, so please change my address to {number} {street}, {city}. My customer number is {cust}.
This is {first}. Your driver left the {item} with a neighbour at number {number} on {street} and nobody told me! Reference {order}.
Hello, can somebody ring me on {phone} after {hour}? It is about the {item}, reference {order}. Regards, {first} {last}
To whom it may concern: I cancel my membership {cust} as of the {d1}th of {month}. Please confirm to {email}. {first} {last}, {city}
Hey, loved the workshop in {city} on {weekday}! Is there another one in {month}? I'd bring {n} friends. Cheers, {first} ({email})
The {item} in reference {order} should have been blue, it is grey. I'd like the blue one by {weekday}. {first} {last}, {phone}
Please book a fitting for {n} people on {weekday} the {d1}th at {hour} in your {city} shop. Name: {last}. Phone: {phone}.
I found a wallet in your {city} car park near {street} on {weekday}, around {hour}. Black leather, initials {f}{l}. Ring me: {phone}, {first}.
Our school in {city} needs {n} of the {item}. We have {price} per piece to spend. Contact: {first} {last}, {email}, before the {d2}th of {month}.
{first} {last} here, customer {cust}. The lid of the {item} cracked after {days} days. Photos attached. I am at {email}.""".splitlines()

PHRASE = """Your {item} is ready to collect at our shop in {city}.
We are closed on {weekday} because of stocktaking.
Please keep the box for at least {days} days.
The {item} is out of stock until the middle of {month}.
Thank you for your patience, {first}.
Could you send us a photo of the label on the {item}?
This offer ends on {weekday} at midnight.
Do not use the {item} near open fire.
We have found your umbrella at the desk in {city}.
Our new shop opens in {city} on the {d1}th of {month}.
Wash by hand in cold water and dry flat.
The lift is out of service, please use the stairs.
Children under {n} must not use the {item} alone.
Your appointment with {first} is on {weekday} at {hour}.
Two screws and one key are in the small bag.
The {item} is heavier than it looks, lift it with two people.
Dear {first}, your parcel is waiting at the post office on {street}.
Everything on this shelf is half price today.
Please ring the bell and wait by the green door.
We would love to hear what you think of your {item}.""".splitlines()

HOW_TO = """How do I clean a {item} without scratching it?
How can I store the {item} over the winter?
how do i get the smell out of a new {item}
How do I change the e-mail address on my account? It still shows {email}.
How can I find out which size of {item} fits me?
What's the best way to pack a {item} for a flight to {city}?
How do I register the guarantee for my {item}? The number on the base is {cust}.
How should I dispose of an old {item} in {city}?
how can i stop newsletters to {email}
Walk me through setting up the {item}, please. I have never owned one.
How do I add {first} as a second person on my account {cust}?
How do I make the {item} last longer?
what are the steps to reset the {item} to how it came out of the box?
How can I get a gift wrapped {item} to {first} in {city} before {weekday}?
How do I measure the space for a {item}? My room is {days} by {n} metres.
How do I book a place at the {month} workshop in {city} for {n} people?
How do I repair a small crack in a {item}?
How can I tell a genuine {item} from a copy? I saw one for {price} at a market.
How do I use a discount code together with the members' price on the {item}?
hi, how can i leave a review for the {item}? i got it in {month}
How do you keep a {item} dry when camping near {city} in {month}?
How would I explain to my {n} year old how the {item} works?""".splitlines()
HOW_TO_NEXT = """And how do I do that without special tools?
How can I check that I did it right?
Sorry, how do I do the second step? I got lost there.
How do I do the same with an older model?
And how can I avoid the problem next time?
how do i do it if i only have ten minutes
How can my mother do it? She is 81 and lives in {city}.
Right, and how do I put it back together afterwards?""".splitlines()

SMALL_TALK = """Hello! How are you today?
hi there, anyone awake?
Good morning from {city}! It is raining again here.
Hey, what's your name? I'm {first}.
Tell me a joke about a {item}.
I'm bored on the train to {city}. Tell me something fun.
Do you like the weather in {month}?
Good evening! It's my birthday on {weekday}, I'm turning {age}.
hello from {first} and the cat, we are having tea
What do you think of {city}? I am going there at the weekend.
Are you a real person or a robot? Just curious, {first} wants to know.
Happy {weekday}! Any plans for the weekend?
Hi, I just moved to {city} and I don't know anybody yet.
Do you have a favourite colour? Mine is the green of my {item}.
My dog ate half a {item} today. What a {weekday}.
Good night, I'm off to bed. {city} is finally quiet.
Hey hey! {first} here again. Did you miss me?
I'm so happy today, my daughter got into the school in {city}!
Feeling a bit down this {weekday}, the weather is grey and I miss {city}.
Hello, what should I cook tonight? I have {n} eggs and some leeks.
Can you recommend a good book for a long evening in {month}?
hi! my name is {first}, guess how old I am
Merry early Christmas from {city}, even though it's only {month}!
What's your favourite season? I love {month} in {city}.
Nice to meet you. I'm {first}, I keep {n} bees' hives near {city}.""".splitlines()
SMALL_TALK_NEXT = """Haha, nice. And what about you, do you ever get bored?
Thanks, that's kind of you! Tell me a joke before I go?
Good one. What is your favourite animal? Mine is the otter.
I see! Do you like music? I play the cello, badly.
You're funny. Have you ever been to {city}?
Thank you. By the way, the weather here just turned. Snow in {month}!
OK. What would you do on a free {weekday}?
Hm, that makes me happy. {first} says hello too.
Thanks, have a lovely {weekday}!
And what's your favourite food? Mine is my gran's soup from {city}.""".splitlines()

REFUND = """I'd like my money back for the {item}, it broke after {days} days. Order {order}.
hi, when will I get my refund for {order}? You got the parcel on {weekday}.
Can I return the {item} without the box? I threw it away.
The {item} is the wrong colour. I want to return it and get a refund to the same account, name {first} {last}.
Refund please. {order}. The {item} never worked.
My {item} is {days} days old. Is that still within the return period?
I sent the {item} back on the {d1}th of {month} and still have no refund. My e-mail is {email}.
You refunded {price} but the {item} cost more than that. Where is the rest? {order}
I got the {item} as a present from {first}. Can I return it for a voucher?
Do I have to pay postage when I return {order}? It's {n} kg.
I want a full refund and an apology. The {item} arrived with a dead spider in it.
hello, return label for {order} doesn't print, pls send a new one to {email}
Is the {item} excluded from returns? I opened the bag but didn't use it.
I returned two things, the {item} and the {item2}, but only one refund came.
The shop in {city} refused to take back my {item}. Can I return it by post instead?
My mother, {first} {last}, would like her money back for the {item}; she is 79 and bought two by mistake.
How long does a refund for {order} take? I need the {price} before the {d2}th.
I changed my mind about the {item}. Not opened. Refund possible?
Returned in {month}, refund promised by {weekday}, nothing so far. Reference {order}, phone {phone}.
Partial refund? The {item} has a scratch but I would keep it for {price} less.
i ordered the {item} twice by accident, can i return one and get the money back
The {item} arrived {days} days late, after the party. I don't need it any more and want to send it back for a refund.""".splitlines()
REFUND_NEXT = """OK. And how long does the refund take then?
Can I return it at the shop in {city} instead?
What if I lost the receipt, do I still get my money back?
No, I want the refund, not a voucher.
Which address do I return it to?
And is the refund the full {price}?
Fine. Could you write me two sentences that I can put into the return box?
Who pays for the return if the fault is yours?""".splitlines()

ORDER_PLAIN = """Where is my order {order}? It was promised for {weekday}.
Has {order} been shipped yet? I ordered a {item}.
hi can u check order {order} pls, the tracking page is empty
My parcel with the {item} says delivered but there is nothing here. {number} {street}, {city}.
Can I change the delivery address of order {order} to {number} {street}, {city}?
I ordered {n} of the {item} on the {d1}th of {month}. When is the delivery?
The courier {carrier} says that my parcel {track} is on hold. Why?
Could you hold order {order} until {weekday}? I'm away in {city}.
Delivery for {first} {last}, order {order}: is there a time window? I have a doctor's appointment at {hour}.
Only one of two parcels came, the {item2} is missing from order {order}.""".splitlines()
ORDER_PASTED = r"""Here is what your site shows for my order. When does it arrive?\n{paste}
{paste}\nWhich of these parcels is late?
Can you tell me in plain words what is going on with this order?\n{paste}
I copied my order list below. Which orders have not been delivered yet?\n\n{paste}
Tracking says this about my order, is the {item} lost?\n\n{paste}
{paste}\n\nThis is my order, I'm {first}. What is the delivery date of the {item}?
my order status:\n{paste}\nis that normal?? it was ordered {days} days ago
From your app:\n{paste}\nHow many things in this order are still on the way?""".splitlines()
ORDER_NEXT = """And when will the order be here at the latest?
OK, can the courier leave the parcel with {first} next door?
Can I still add a {item2} to that order?
Which carrier brings the order?
Please tell me the order number again and the delivery day, nothing else.
So is the parcel in {city} or not?
Can you cancel the order if it isn't shipped by {weekday}?
And my other order, {order2}? Same address.""".splitlines()

PAYMENT_PLAIN = """Why was I charged {price} twice for the {item}? Order {order}.
My payment for {order} was declined but the bank says all is fine.
Can I pay invoice {inv} by bank transfer? My IBAN is {iban}.
I paid {price} on the {d1}th of {month} and you sent me a reminder. Invoice {inv}.
Which payment methods do you take for a {item}?
hi, invoice {inv} has the wrong name on it, should be {first} {last}
Please change my direct debit to {iban}, account holder {first} {last}.
Is it safe to save my credit card on your site? It's the one that ends in {four}.
Can I split the payment for the {item} into {n} instalments?
I need a copy of the invoice for the {item}, please send it to {email}.
There is a charge of {price} on my statement from {city} that I don't recognise. Customer {cust}.
The VAT on invoice {inv} looks wrong: {price} at 20 percent?
my credit card expired, {order} unpaid, what now
When do you take the payment, when I order or when the {item} ships?
I was billed for the {item2} but I only bought the {item}. Invoice {inv}.
Our accounts team in {city} needs invoice {inv} addressed to {last} Ltd, with our purchase number.
The payment page shows an error after I type the code from my bank. Phone {phone} if you need me.
Can {first} pay my invoice {inv} from another account?
Does the gift voucher count as payment for the {item}? It's worth {price}.
I transferred {price} without a reference by mistake. Has the payment been matched to {inv}?""".splitlines()
PAYMENT_PASTED = r"""Which of these invoices are still unpaid?\n{paste}
{paste}\n\nWas I charged twice here? Payment was made on the {d1}th.
I copied my transactions below. What is the total that was charged in {month}?\n{paste}
Please check this invoice, I think the total is wrong.\n\n{paste}
{paste}\nThis is from my bank. Which payment belongs to the {item}?
Our bookkeeper asks which invoices in this list are overdue:\n{paste}\nThanks, {first} {last}
why do i have two charges on the same day\n{paste}
Here's the payment record from your app. Did it go through?\n{paste}
Can you explain the transactions in this export? I only bought a {item}.\n\n{paste}
{paste}\nIs the payment of {price} in there? My IBAN ends in {four}.
I have to pay the oldest invoice first. Which one is it?\n\n{paste}
Could you tell me how much I still have to pay for these invoices?\n{paste}
Payment failed, this is what I got back:\n{paste}\nWhat should I do now?
{paste}\n\nWhich invoice number should I write on the bank transfer for the {item}?""".splitlines()
PAYMENT_NEXT = """OK, and when is the payment due?
Which invoice do you mean?
So how much have I paid in total?
Can you send the invoice to {email} as well?
And can I pay the rest by credit card?
Please tell me in one line what was charged.
Will the payment show on my statement before {weekday}?""".splitlines()
