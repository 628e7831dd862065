/// Made-up values that only the disguises use, put together so that no scanner of this repository takes them for real.
enum Disguise {
    /// As AWS gives them out: 40 characters of base64 with nothing before them that says so.
    static let awsSecret = "eL2HPcHyGcFRl1SPnXNY" + "vMIHa+2o76umfXfKm+r5"
    static let awsSecretToo = "Jv9RkQ2mX7/tLc4Yp0Wz" + "HsB8nDf+3GuEa6KiVo1T"
}
