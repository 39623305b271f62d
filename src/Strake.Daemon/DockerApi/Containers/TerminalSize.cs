using Strake.Daemon.Server;

namespace Strake.Daemon.DockerApi;

/// <summary>A terminal's size in a query.</summary>
static class TerminalSize
{
    /// <summary>Reads <c>h</c> and <c>w</c>.</summary>
    /// <exception cref="StrakeException">Invalid: one is missing, or no number of 0 to 65535.</exception>
    public static (int Height, int Width) Read(QueryParameters query) => (Side(query, "h", "height"), Side(query, "w", "width"));

    static int Side(QueryParameters query, string name, string word) => query.Number(name) switch
    {
        >= 0 and <= ushort.MaxValue and { } number => (int)number,
        _ => throw StrakeException.Invalid($"invalid resize {word} \"{query.Text(name)}\": it must be a number of 0 to 65535"),
    };
}
