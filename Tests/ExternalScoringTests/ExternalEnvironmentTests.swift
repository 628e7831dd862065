import Testing

@testable import ExternalScoring

struct ExternalEnvironmentTests {
    @Test func `a scoring program gets our environment without our secrets`() {
        let ours = [
            "PATH": "/bin", "OPENAI_API_KEY": "theirs", "UNDERSTUDY_TOKEN": "console", "UNDERSTUDY_STORE": "s",
            "OPS_TOKEN": "console", "STABLE_KEY": "key",
        ]
        let variables = ExternalEnvironment.variables(of: ours, without: ["OPS_TOKEN", "STABLE_KEY", "NOT_SET"])
        #expect(variables == ["PATH": "/bin", "OPENAI_API_KEY": "theirs", "PYTHONUNBUFFERED": "1"])
    }

    @Test func `what the user says of Python's output stands`() {
        #expect(ExternalEnvironment.variables(of: ["PYTHONUNBUFFERED": ""], without: []) == ["PYTHONUNBUFFERED": ""])
    }
}
