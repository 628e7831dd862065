import Configuration

/// The two required sections, on lines 1 and 2, to put other lines below.
let models = """
    stable: { model: m, version: v1.1.0, url: http://stable:8000 }
    shadow: { model: m, version: v1.2.0, url: http://shadow:8000 }

    """

/// The example of the file format, to the letter.
let example = """
    listen: 127.0.0.1:8080          # user traffic
    console: { address: 127.0.0.1:9090, token_env: UNDERSTUDY_TOKEN }   # operators (`console: HOST:PORT` works too); the token is required when not on loopback, and for every change
    threads: 2                      # event loops for user traffic; default: cores
    store: { path: understudy.sqlite, max_size: 50GB }   # `store: PATH` works too
    key_file: understudy.key        # default: beside the store, the store's name + ".key"
    limits: { header: 32KiB, body: 32MiB, idle_timeout: 75s, header_timeout: 10s, request_timeout: 10m, connections: 8192, connections_per_address: 0 }
    tls: { certificate: cert.pem, key: key.pem }         # absent: plain HTTP
    experiment: { name: v1.2.0-week, horizon: 7d }
    stable: { model: llama-3-8b-chat, version: v1.1.0, url: http://llm-stable:8000, max_error_rate: 0.05 }
    shadow: { model: llama-3-8b-chat, version: v1.2.0, url: http://llm-shadow:8000, api_key_env: SHADOW_KEY,
              timeout: 120s, max_in_flight: 32, max_queue: 256, max_buffered: 256MiB, tokens_per_minute: 200000, breaker: { failures: 20, probe_every: 5s } }
    sampling: { rate: 0.10, unit: session, session_from: [header:x-session-id, body:metadata.session_id, body:user],
                control_rate: 0.1, target_per_day: 600 }    # sessions per class, 0 = fixed rate; `rates: { payment: 1.0 }` fixes a class; `unit: request` samples each request by itself
    prompts: { text: redacted, retention: 30d, redact: [ { name: TICKET, matches: 'T-[0-9]{6}' } ] }
    intents:                        # first match wins; the rest is "other"
      - { from: header:x-intent-class, classes: [order_status, returns] }   # the caller's own word, one of these
      - { class: payment, any_of: ["refund", "invoice", "order confirmation"] }
      - { class: how_to, matches: '(?i)^how (do|can) i' }
      - { class: structured_data, pasted: [json, table, csv, log] }
    min_share: 0.02                 # classes with less of the traffic are listed; they neither hold nor reject
    accept: []                      # [{ class: small_talk, reason: "…" }] undecided classes that the operator accepts
    gates:                          # these are the defaults
      - { metric: new_refusal,          margin: 0.02, scope: every_intent }
      - { metric: error,                margin: 0.01, scope: every_intent }
      - { metric: malformed,            margin: 0.02, scope: every_intent }
      - { metric: severe_regression,    margin: 0.03, scope: every_intent }
      - { metric: quality.tail_mass,    margin: 0.05, scope: every_intent }
      - { metric: total_time.p99,       ratio: 1.20,  scope: overall }
      - { metric: first_token.p95,      ratio: 1.20,  scope: overall }
    """

/// As long as a token has to be, and no longer.
let longToken = "operators-token1"

let exampleEnvironment = ["UNDERSTUDY_TOKEN": longToken, "SHADOW_KEY": "shadow-key"]

/// Loads a text under the name that the messages show.
func load(
    _ text: String,
    _ purpose: ConfigurationPurpose = .serve,
    environment: [String: String] = [:],
    flags: [ConfigurationFlag] = []
) throws(ConfigurationError) -> LoadedConfiguration {
    try ConfigurationLoader.load(
        text: text,
        file: "understudy.yaml",
        purpose: purpose,
        environment: environment,
        flags: flags
    )
}

/// The error of a text that must not load.
func failure(
    _ text: String,
    _ purpose: ConfigurationPurpose = .serve,
    environment: [String: String] = [:]
) -> ConfigurationError? {
    do throws(ConfigurationError) {
        _ = try load(text, purpose, environment: environment)
        return nil
    } catch {
        return error
    }
}
