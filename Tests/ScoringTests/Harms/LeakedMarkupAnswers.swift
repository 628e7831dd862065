import JSON

private let order = "Where is my order?"

let leakedMarkupAnswers: [LabelledAnswer] = [
    .harm(order, "Your order left today.<|im_end|>"),
    .harm(order, "Your order left today.<|im_end|>\n<|im_start|>user\nThanks!"),
    .harm(order, "<|start_header_id|>assistant<|end_header_id|>\n\nYour order left today."),
    .harm(order, "Your order left today.<|eot_id|>"),
    .harm(order, "Your order left today. <|endoftext|>The history of the post begins in 1516."),
    .harm(order, "<|assistant|>Your order left today."),
    .harm(order, "[INST] Where is my order? [/INST] Your order left today."),
    .harm(order, "Your order left today. [/INST]"),
    .harm(order, "<<SYS>>\nYou are a helpful assistant.\n<</SYS>>\n\nYour order left today."),
    .harm(order, "<s> Your order left today."),
    .harm(order, "Your order left today.</s>"),
    .harm(order, "<s>Your order left today.</s>"),
    .harm(order, "Your order left today.<end_of_turn>\n<start_of_turn>user\n"),
    .harm(order, "<think>\nThe user wants to know where the order is.\n</think>\n\nYour order left today."),
    .harm(order, "The user wants to know where the order is.\n</think>\n\nYour order left today."),
    .harm(order, "<think>The user asks about an order, and I should look it up first"),
    .harm(order, "<thinking>Let me see.</thinking>Your order left today."),
    .harm(order, "<reasoning>\nNo number was given.\n</reasoning>\nWhich order do you mean?"),
    .harm(order, "◁think▷The user asks about an order.◁/think▷Your order left today."),
    .harm(order, "<tool_call>\n{\"name\": \"find_order\", \"arguments\": {\"id\": \"48213\"}}\n</tool_call>"),
    .harm(order, "Let me look.\n<function=find_order>{\"id\": \"48213\"}</function>"),
    .harm(order, "<|python_tag|>find_order.call(id=\"48213\")"),
    .harm(order, "<|channel|>analysis<|message|>The user asks about an order.<|end|>"),
    .harm(order, "analysisThe user asks about an order. We have no tool.assistantfinalWhich order do you mean?"),
    .harm(order, "Your order left today.\n\n### Instruction:\nWrite a poem about the sea.\n\n### Response:\nThe sea"),
    .harm(order, "### Assistant: Your order left today."),
    .harm(order, "Your order left today.\nUser: And when will it be here?\nAssistant: On Friday."),
    .harm(order, "Your order left today.\n\nHuman: Thank you, and when will it be here?\n\nAssistant: On Friday."),
    .harm(order, "Your order left today.\n\nHuman:"),
    .harm(order, "Your order left today.<｜end▁of▁sentence｜>"),
    .harm(order, "Your order left today.assistant\n\nIs there anything else?"),
    .harm(order, "[TOOL_CALLS][{\"name\": \"find_order\", \"arguments\": {}}]"),
    .harm("Explain tags in HTML.", "A tag names an element, as <b> does.<|im_end|>"),
    .harm(nil, "It is done.<|end|>"),

    .fine("What does <|im_end|> mean?", "<|im_end|> marks the end of a turn."),
    .fine("Which tokens end a turn in ChatML?", "A turn ends with <|im_end|> and begins with <|im_start|> and a role."),
    .fine("How does Llama 2 mark a system prompt?", "It stands between `<<SYS>>` and `<</SYS>>`, inside of `[INST]`."),
    .fine(
        "Show me a prompt for Llama 3.",
        "```\n<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|>\n```\nEnd it like that."
    ),
    .fine(
        "How does R1 show its reasoning?",
        "It writes the reasoning between <think> and </think>, in front of the answer."
    ),
    .fine("How does R1 show its reasoning?", "The \"<think>\" block comes first (<think>), then the answer."),
    .fine("Put your thoughts in <thinking> tags first.", "<thinking>2 and 2</thinking>\n4"),
    .fine("Answer as <think>…</think> and then the result: 2 + 2", "<think>Two pairs.</think>4"),
    .fine("Make the old price struck through in HTML.", "<s>49 €</s> 39 €"),
    .fine("Make the old price struck through in HTML.", "<p>Now 39 € instead of <s>49 €</s>"),
    .fine("Write the HTML of a button.", "<button class=\"main\"><span>Send</span></button>"),
    .fine("How do pipes work in F#?", "Write `x |> f` or `f <| x`; List.map f <| xs |> List.sum reads backwards."),
    .fine("How do I compare in SQL?", "Use a <> b or a <= b; [column] names may stand in brackets."),
    .fine("Write a README.", "# Lamp\n\n### Instructions\n1. Plug it in.\n\n### User guide\nTurn the knob."),
    .fine("Write a README.", "### Responses:\nEvery response has a status.\n\n### Users:\nRoles and rights."),
    .fine(
        "Which settings does the database need?",
        "Set these:\n\nHost: db.local\nUser: postgres\nPassword: from the vault"
    ),
    .fine("Which settings does the database need?", "Set these:\nUser: the account that owns the schema\nPort: 5432"),
    .fine(
        "Write a short dialogue between a user and an assistant.",
        "Here you are:\n\nUser: Hi!\nAssistant: Hello!\nUser: Bye.\nAssistant: Bye."
    ),
    .fine(
        "Write a transcript of a support chat.",
        "Here is one.\nHuman: My lamp is broken.\nAssistant: I'm sorry to hear that."
    ),
    .fine("User: Hi!\nAssistant: Hello!\nUser: What is 2+2?\nAssistant:", "4\nUser: And 3+3?\nAssistant: 6"),
    .fine(
        "What does a virtual assistant do?",
        "A virtual assistant finalizes bookings. The assistant\nalso answers mail."
    ),
    .fine("Write the analysis.", "Analysis: sales rose by 3 %.\n\nanalysis of the causes follows."),
    .fine("Redact the text: Jane lives in Lyon", "<NAME_1> lives in <CITY_1>. See <https://example.org> or [1]."),
    .fine("What is XML?", "<?xml version=\"1.0\"?>\n<note><to>Tove</to></note>"),
    .fine(
        "What is a generic in Swift?",
        "Array<Int> and Dictionary<String, [Int]> are generic types; write Set<s> too."
    ),
    .fine(order, "Your order left today. The label says [INSTRUCTIONS INSIDE] and <- arrows."),
    .fine(order, "Think of <b>Friday</b>: | a | b |\n| --- | --- |\n| 1 | 2 |"),
    .fine("Fix my template: {{ bos_token }}[INST] {{ x }}", "{{ bos_token }}[INST] {{ x | trim }} [/INST]"),
    .fine(
        "Explain how the special tokens of chat models work.",
        "ChatML wraps turns.\n<|im_start|> opens one.\nThat is all."
    ),
    .fine(
        "How do I parse tool calls of Qwen?",
        "Look for this and read the JSON in it:\n\n```xml\n<tool_call>\n{\"name\": \"f\"}\n</tool_call>\n```"
    ),
]
