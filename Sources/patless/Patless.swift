@main struct Patless { static func main() {} }
