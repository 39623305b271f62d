namespace Strake.Build;

/// <summary>The bounds of what a Dockerfile may make the engine do. No file that someone writes by hand comes near them.</summary>
public static class DockerfileLimits
{
    /// <summary>Bytes of a Dockerfile.</summary>
    public const int FileBytes = 16 << 20;

    /// <summary>Bytes of one line of it, without its end. BuildKit's own limit (it reads with a buffer of 64 KiB).</summary>
    public const int LineBytes = 65535;

    /// <summary>Characters of a word with its variables put in: a value of <c>ENV a=$a$a</c> doubles with each instruction.</summary>
    public const int ExpandedChars = 1 << 20;

    /// <summary>Characters of a here-document with its variables put in.</summary>
    public const int ExpandedDocumentChars = 32 << 20;

    /// <summary>
    /// Characters that one expansion may look at or copy, besides those of its result: a fraction of a second. Patterns and words that are
    /// evaluated and then not used count here.
    /// </summary>
    public const long ExpansionSteps = 1 << 26;

    /// <summary><c>${a:-${b:-…}}</c>: far deeper than anyone writes, far shallower than the stack.</summary>
    public const int ExpansionDepth = 100;

    /// <summary>Characters of a message: what it quotes may be a whole line.</summary>
    public const int MessageChars = 4096;

    /// <summary>Bytes of a <c>.dockerignore</c> file.</summary>
    public const int IgnoreFileBytes = 16 << 20;

    /// <summary>Depth of JSON arrays and objects; what is deeper is no JSON, as for Go's decoder.</summary>
    public const int JsonDepth = 10_000;
}
