// The fields in which proxies say whom they forward for, and what a stranger may say in them.
//
// What: a client's X-Forwarded-For stays, with the client's own address after it, so that the last address is always one that we
// saw ourselves. X-Forwarded-Proto and -Host say how the client came to us, whatever it says. All others of their kind are
// dropped, since nobody before us can be believed.
// Why: a server that reads any of them takes it for the word of the proxy before it, which we are. This is what Envoy does at
// an edge (`use_remote_address`) and APISIX where `trusted_addresses` is empty.
// A client that is among `GatewayConfiguration.trustedProxies` is believed: its fields pass, and only what it left out is added.
// Limits: fields in which a proxy names a user (X-Forwarded-User and the like) are left alone: who uses them has a proxy of
// his own before us that writes them.

/// The names of such fields beside X-Forwarded-For, -Proto and -Host.
enum ForwardingFields {
    /// Whether a field is one of them.
    ///
    /// An underscore counts as a hyphen: CGI and WSGI make one variable of both spellings, so that `X_Forwarded_For` would be read as
    /// X-Forwarded-For there.
    static func contains(_ name: UnsafeRawBufferPointer) -> Bool {
        guard let first = name.first, (9...24).contains(name.count) else { return false }
        // One look at the first letter spares nearly all fields the rest.
        switch first | 0x20 {
        case UInt8(ascii: "x"): return isOne(of: namesInX, name)
        case UInt8(ascii: "f"), UInt8(ascii: "t"), UInt8(ascii: "c"): return isOne(of: otherNames, name)
        default: return false
        }
    }

    private static let namesInX: [StaticString] = [
        "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-forwarded-port", "x-forwarded-by",
        "x-forwarded-ssl", "x-forwarded-server", "x-forwarded-scheme", "x-forwarded-prefix", "x-forwarded-protocol",
        "x-real-ip", "x-client-ip", "x-cluster-client-ip", "x-original-forwarded-for", "x-original-host",
        "x-envoy-external-address", "x-understudy-leg",
    ]

    private static let otherNames: [StaticString] = [
        "forwarded", "front-end-https", "fastly-client-ip", "true-client-ip", "client-ip", "cf-connecting-ip",
    ]

    private static func isOne(of names: [StaticString], _ name: UnsafeRawBufferPointer) -> Bool {
        for known in names where known.utf8CodeUnitCount == name.count && isSame(known.utf8Start, name) { return true }
        return false
    }

    private static func isSame(_ known: UnsafePointer<UInt8>, _ name: UnsafeRawBufferPointer) -> Bool {
        for index in 0..<name.count {
            let octet = name[index] == UInt8(ascii: "_") ? UInt8(ascii: "-") : name[index] | 0x20
            if octet != known[index] | 0x20 { return false }
        }
        return true
    }
}
