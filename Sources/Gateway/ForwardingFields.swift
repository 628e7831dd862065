// The fields in which proxies name the client they forward for, and what an untrusted client may put into them.
//
// What: a client's X-Forwarded-For stays, with the client's own address after it, so that the last address is always one that
// the gateway saw itself. X-Forwarded-Proto and -Host are set from the client's connection, whatever the client sent. All other
// fields of this kind are dropped, because the client is not trusted.
// Why: a server that reads any of them trusts the proxy before it, which is the gateway. Envoy does the same at an edge
// (`use_remote_address`), and APISIX where `trusted_addresses` is empty.
// A client among `GatewayConfiguration.trustedProxies` is trusted: its fields pass, and only missing ones are added.
// Limits: fields in which a proxy names a user (X-Forwarded-User and the like) pass unchanged: where they are used, a proxy in
// front of the gateway writes them.

/// The names of such fields beside X-Forwarded-For, -Proto and -Host.
enum ForwardingFields {
    /// Whether a field is one of them.
    ///
    /// An underscore counts as a hyphen: CGI and WSGI turn both spellings into one variable, so there `X_Forwarded_For` would be
    /// read as X-Forwarded-For.
    static func contains(_ name: UnsafeRawBufferPointer) -> Bool {
        func isExactly(_ known: StaticString) -> Bool { isSame(known.utf8Start, name) }
        switch name.count {
        case 9: return isExactly("forwarded") || isExactly("x-real-ip") || isExactly("client-ip")
        case 11: return isExactly("x-client-ip")
        case 14: return isExactly("x-forwarded-by") || isExactly("true-client-ip")
        case 15:
            return isExactly("x-forwarded-for") || isExactly("x-forwarded-ssl") || isExactly("x-original-host")
                || isExactly("front-end-https")
        case 16:
            return isExactly("x-forwarded-host") || isExactly("x-forwarded-port") || isExactly("x-understudy-leg")
                || isExactly("cf-connecting-ip") || isExactly("fastly-client-ip")
        case 17: return isExactly("x-forwarded-proto")
        case 18:
            return isExactly("x-forwarded-server") || isExactly("x-forwarded-scheme") || isExactly("x-forwarded-prefix")
        case 19: return isExactly("x-cluster-client-ip")
        case 20: return isExactly("x-forwarded-protocol")
        case 24: return isExactly("x-original-forwarded-for") || isExactly("x-envoy-external-address")
        default: return false
        }
    }

    /// Whether a name of the same length is a known one.
    private static func isSame(_ known: UnsafePointer<UInt8>, _ name: UnsafeRawBufferPointer) -> Bool {
        for index in 0..<name.count {
            let octet = name[index] == UInt8(ascii: "_") ? UInt8(ascii: "-") : name[index] | 0x20
            if octet != known[index] | 0x20 { return false }
        }
        return true
    }
}
