/// Why a gateway could not be started.
package enum GatewayError: Error, CustomStringConvertible {
    case alreadyStarted
    case unreadableCertificate(path: String, reason: String)
    case looseKey(path: String, mode: String)
    case unreadableTrustRoots(path: String, reason: String)
    case cannotListen(address: String, reason: String)
    case stopped

    package var description: String {
        switch self {
        case .alreadyStarted:
            "This gateway was started before; make a new one."
        case .unreadableCertificate(let path, let reason):
            "The certificate or key at \(path) cannot be used: \(reason)."
        case .looseKey(let path, let mode):
            "The private key \(path) can be read by others (mode \(mode)); run: chmod 600 \(path)."
        case .unreadableTrustRoots(let path, let reason):
            "The trusted certificates at \(path) cannot be used: \(reason)."
        case .cannotListen(let address, let reason):
            "The gateway cannot listen on \(address): \(reason)."
        case .stopped:
            "The gateway was stopped before it had started."
        }
    }
}
