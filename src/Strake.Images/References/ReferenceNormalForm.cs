namespace Strake.Images;

/// <summary>From what users write to the normal form of a reference, and back. Pure; faults in Docker's words.</summary>
static class ReferenceNormalForm
{
    const string Official = "library/";
    const string LegacyDomain = "index.docker.io";
    const string InvalidFormat = "invalid reference format";

    /// <summary>Parses a reference.</summary>
    /// <param name="text">What was written.</param>
    /// <param name="fault">Why it is none; empty when it is one.</param>
    /// <returns>The reference; null when it is none.</returns>
    public static ImageReference? Parse(string text, out string fault)
    {
        if (Digest.IsHex(text))
        {
            fault = $"invalid repository name ({text}), cannot specify 64-byte hexadecimal strings";
            return null;
        }

        var (domain, remainder) = SplitDomain(text);
        var colon = remainder.IndexOf(':', StringComparison.Ordinal);
        var repository = colon < 0 ? remainder : remainder[..colon];
        if (repository.Any(char.IsUpper))
        {
            fault = $"{InvalidFormat}: repository name ({repository}) must be lowercase";
            return null;
        }

        return ParseParts(domain, remainder, out fault);
    }

    /// <summary>The repository's name as users write it.</summary>
    public static string FamiliarName(string domain, string path)
    {
        if (!string.Equals(domain, ImageReference.DefaultDomain, StringComparison.Ordinal)) return $"{domain}/{path}";
        var official = path.StartsWith(Official, StringComparison.Ordinal) ? path[Official.Length..] : path;
        return official.Contains('/', StringComparison.Ordinal) ? path : official;
    }

    // The first component is a registry when nothing else could look like it: a dot, a port, localhost, or capitals.
    static (string Domain, string Remainder) SplitDomain(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0) return (ImageReference.DefaultDomain, Official + text);

        var (first, rest) = (text[..slash], text[(slash + 1)..]);
        var (domain, remainder) = first switch
        {
            LegacyDomain => (ImageReference.DefaultDomain, rest),
            "localhost" => (first, rest),
            _ when first.AsSpan().ContainsAny('.', ':') || first.Any(char.IsUpper) => (first, rest),
            _ => (ImageReference.DefaultDomain, text),
        };
        return string.Equals(domain, ImageReference.DefaultDomain, StringComparison.Ordinal) && !remainder.Contains('/', StringComparison.Ordinal)
            ? (domain, Official + remainder)
            : (domain, remainder);
    }

    static ImageReference? ParseParts(string domain, string remainder, out string fault)
    {
        var at = remainder.IndexOf('@', StringComparison.Ordinal);
        var named = at < 0 ? remainder : remainder[..at];
        var colon = named.IndexOf(':', StringComparison.Ordinal);
        var path = colon < 0 ? named : named[..colon];
        var tag = colon < 0 ? null : named[(colon + 1)..];
        Digest? digest = null;

        fault = "";
        if (!ReferenceGrammar.IsDomain(domain) || !ReferenceGrammar.IsPath(path) || (tag is not null && !ReferenceGrammar.IsTag(tag)))
            fault = InvalidFormat;
        else if (domain.Length + 1 + path.Length > ImageReference.NameLength)
            fault = $"repository name must not be more than {ImageReference.NameLength} characters";
        else if (at >= 0 && !TryDigest(remainder[(at + 1)..], out digest, out fault))
            return null;
        return fault.Length == 0 ? new ImageReference(domain, path, tag, digest) : null;
    }

    static bool TryDigest(string text, out Digest? digest, out string fault)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        digest = Digest.TryParse(text, out var parsed) ? parsed : null;
        fault = digest is not null ? ""
            : colon <= 0 || text.AsSpan(colon + 1).ContainsAnyExcept("0123456789abcdefABCDEF") || text.Length - colon <= 32 ? InvalidFormat
            : !text.StartsWith(Digest.Prefix, StringComparison.Ordinal) ? "unsupported digest algorithm"
            : text.Length - colon - 1 != Digest.HexLength ? "invalid checksum digest length"
            : "invalid checksum digest format";
        return digest is not null;
    }
}
