using System.Security.Cryptography;

namespace Strake.Containers.Lifecycle;

/// <summary>Names of containers.</summary>
static class ContainerName
{
    const string First = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    const string Rest = First + "_.-";

    static readonly string[] Adjectives =
    [
        "able", "agile", "amber", "ardent", "breezy", "bright", "brisk", "calm", "candid", "clever", "cosmic", "crisp", "daring", "deft",
        "eager", "earnest", "fair", "fervent", "fleet", "fond", "gentle", "gleaming", "glad", "hardy", "hearty", "humble", "jolly", "keen",
        "kind", "lively", "loyal", "lucid", "mellow", "merry", "mild", "modest", "neat", "nimble", "noble", "patient", "placid", "proud",
        "quiet", "quick", "radiant", "ready", "robust", "serene", "sharp", "sincere", "sleek", "solid", "steady", "stoic", "sunny", "swift",
        "tender", "tidy", "true", "upbeat", "valiant", "vivid", "warm", "witty", "zealous",
    ];

    // Surnames of people of science and seafaring.
    static readonly string[] Surnames =
    [
        "amundsen", "ampere", "babbage", "bardeen", "bernoulli", "bohr", "boole", "cabot", "cantor", "carson", "cook", "curie", "darwin",
        "dijkstra", "drake", "earhart", "einstein", "erdos", "euclid", "euler", "faraday", "fermat", "fermi", "feynman", "franklin",
        "galileo", "gauss", "germain", "goodall", "hamilton", "hawking", "heyerdahl", "hopper", "hubble", "hypatia", "johnson", "kepler",
        "knuth", "kovalevskaya", "lamarr", "leibniz", "lovelace", "magellan", "maxwell", "meitner", "mendel", "mercator", "nansen",
        "newton", "nobel", "noether", "pascal", "pasteur", "planck", "ramanujan", "ritchie", "shannon", "slocum", "tasman", "tesla",
        "thompson", "turing", "volta", "wegener", "wilson", "wu",
    ];

    /// <summary>The name without the slash that clients may put before it.</summary>
    /// <exception cref="StrakeException">Invalid: it may not name a container; in Docker's words.</exception>
    public static string Parse(string text)
    {
        string name = text.StartsWith('/') ? text[1..] : text;
        bool valid = name.Length >= 2 && First.Contains(name[0], StringComparison.Ordinal) && !name.AsSpan().ContainsAnyExcept(Rest);
        return valid ? name : throw StrakeException.Invalid($"Invalid container name ({text}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed");
    }

    /// <summary>A random name that is not taken.</summary>
    public static string Random(Func<string, bool> isTaken)
    {
        for (int attempt = 0; ; attempt++)
        {
            string name = $"{Pick(Adjectives)}_{Pick(Surnames)}";
            if (attempt > 5)
                name += RandomNumberGenerator.GetInt32(10).ToString(System.Globalization.CultureInfo.InvariantCulture);
            if (attempt > 50)
                name += RandomNumberGenerator.GetHexString(8, lowercase: true);
            if (!isTaken(name))
                return name;
        }
    }

    static string Pick(string[] words) => words[RandomNumberGenerator.GetInt32(words.Length)];
}
