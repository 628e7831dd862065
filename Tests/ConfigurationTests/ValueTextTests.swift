import Configuration
import Statistics
import Testing
import Vocabulary

@Suite struct ByteSizeTests {
    @Test(arguments: [
        ("32KiB", 32_768), ("50GB", 50_000_000_000), ("50 GB", 50_000_000_000), ("4096", 4096), ("7B", 7),
        ("1.5GiB", 1_610_612_736), ("256mib", 268_435_456), ("1TB", 1_000_000_000_000), ("0", 0), ("2kB", 2000),
    ])
    func `a size is read`(text: String, bytes: Int) {
        #expect(ByteSize(text)?.bytes == bytes)
    }

    @Test(arguments: [
        "", "KiB", "32K", "32M", "-1KiB", "1.5B", "1,5GiB", "9999999TiB", "32 KiB x", ".5KiB", "1.KiB", "0x10",
    ])
    func `what is no size is none`(text: String) {
        #expect(ByteSize(text) == nil)
    }

    @Test func `a size that is written is read back equal`() {
        var generator = SplitMix64(seed: 1)
        for _ in 0..<2000 {
            let bytes = Int((generator.next() >> 1) >> (generator.next() % 63))
            let size = ByteSize(bytes: bytes)
            #expect(ByteSize(size.description) == size, "\(size)")
        }
        #expect(ByteSize.gigabytes(50).description == "50GB")
        #expect(ByteSize.mebibytes(32).description == "32MiB")
    }
}

@Suite struct DurationTextTests {
    @Test(arguments: [
        ("500ms", 500), ("75s", 75_000), ("10m", 600_000), ("2h", 7_200_000), ("7d", 604_800_000), ("1.5s", 1500),
        ("1h30m", 5_400_000), ("7d 2h", 612_000_000), ("0s", 0), ("1.25s", 1250),
    ])
    func `a duration is read`(text: String, milliseconds: Int) {
        #expect(DurationText.parse(text) == .milliseconds(milliseconds))
    }

    @Test(arguments: [
        "", "75", "s", "-5s", "1.5h", "5 s", "30m1h", "1h1h", "1.2345s", "5min", "99999999999999999d", "1w",
    ])
    func `what is no duration is none`(text: String) {
        #expect(DurationText.parse(text) == nil)
    }

    @Test func `a duration that is written is read back equal`() {
        var generator = SplitMix64(seed: 2)
        for _ in 0..<2000 {
            let duration = Duration.milliseconds(Int((generator.next() >> 20) >> (generator.next() % 44)))
            #expect(DurationText.parse(DurationText.text(duration)) == duration, "\(duration)")
        }
        #expect(DurationText.text(.seconds(600)) == "10m")
        #expect(DurationText.text(.seconds(75)) == "75s")
        #expect(DurationText.text(.seconds(604_800)) == "7d")
    }
}

@Suite struct SemanticVersionTests {
    @Test(arguments: [
        "1.2.3", "v1.2.3", "0.0.0", "v1.0.0-rc.1", "1.0.0-alpha-b.7+build.005", "10.20.30",
        "1.2.99999999999999999999",
    ])
    func `a semantic version is one`(text: String) {
        #expect(SemanticVersion(text) != nil)
    }

    @Test(arguments: [
        "1.2", "v1", "latest", "01.2.3", "1.2.3-", "1.2.3-01", "1.2.3+", "V1.2.3", "1.2.3 ", "1.2.3.4", "",
    ])
    func `another text is none`(text: String) {
        #expect(SemanticVersion(text) == nil)
    }
}

@Suite struct NetworkAddressTests {
    @Test func `loopback is 127.0.0.0 to 127.255.255.255, ::1 and localhost`() {
        for text in ["127.0.0.1:1", "127.9.8.7:1", "[::1]:1", "localhost:1"] {
            #expect(NetworkAddress(text)?.isLoopback == true, "\(text)")
        }
        for text in ["0.0.0.0:1", "10.0.0.1:1", "[::]:1", "127.example.com:1", "example.com:1"] {
            #expect(NetworkAddress(text)?.isLoopback == false, "\(text)")
        }
    }

    @Test(arguments: ["", ":80", "host", "host:", "host:x", "host:65536", "::1:80", "[::1]", "a b:1", "host:-1"])
    func `what is no address is none`(text: String) {
        #expect(NetworkAddress(text) == nil)
    }
}

@Suite struct GateMetricTests {
    @Test func `each metric takes margin or ratio`() {
        #expect(GateMetric("new_refusal")?.comparison == .difference)
        #expect(GateMetric("quality.severe")?.comparison == .difference)
        #expect(GateMetric("score.my.judge.tail_mass")?.comparison == .difference)
        #expect(GateMetric("total_time.p999")?.comparison == .quotient)
        for name in [
            "", "score", "score.", "score..mean", "score.mean", "quality", "quality.p99", "total_time.p90",
            "error.mean",
        ] {
            #expect(GateMetric(name) == nil, "\(name)")
        }
        #expect(MetricCatalogue.gateMetricNames.allSatisfy { GateMetric($0) != nil })
    }
}
