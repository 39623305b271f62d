using Strake.Containers.Spec;

namespace Strake.Containers.Logs;

/// <summary>Reads <c>--log-opt max-size=…</c>.</summary>
static class LogLimit
{
    /// <summary>The size at which a log begins anew; null: never.</summary>
    /// <exception cref="StrakeException">Invalid: the size is none.</exception>
    public static long? Of(LogSettings? settings)
    {
        if (settings?.Config?.GetValueOrDefault("max-size") is not { Length: > 0 } text || text == "-1")
            return null;
        return ByteSize.TryParse(text) is > 0 and var size ? size : throw StrakeException.Invalid($"invalid size: '{text}'");
    }
}
