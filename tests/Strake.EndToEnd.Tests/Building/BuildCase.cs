using System.Text;

namespace Strake.EndToEnd.Tests.Building;

/// <summary>One build of the corpus: what is sent, and what has to come of it. A text file of sections that begin with <c>=== name</c>.</summary>
/// <remarks>
/// <code>
/// === context       a line a file: path [mode] = text with \n, path -> target, directory/
/// === Dockerfile    as it is
/// === args          more arguments of docker build, a line each
/// === tree          what the image has that busybox has not, as <see cref="ImageTree"/> lists it
/// === config        what its config says
/// === error         or: what the client is told
/// </code>
/// </remarks>
public sealed class BuildCase
{
    const string Mark = "=== ";

    readonly string _path;
    readonly Dictionary<string, string> _sections = new(StringComparer.Ordinal);

    BuildCase(string path) => _path = path;

    /// <summary>The Dockerfile.</summary>
    public string Dockerfile => _sections["Dockerfile"];

    /// <summary>More arguments.</summary>
    public IReadOnlyList<string> Arguments => _sections.TryGetValue("args", out var text) ? text.Split('\n', StringSplitOptions.RemoveEmptyEntries) : [];

    /// <summary>What has to come of it: a section's text; null: the section is not there.</summary>
    public string? Expected(string section) => _sections.GetValueOrDefault(section);

    /// <summary>Reads a case.</summary>
    public static BuildCase Read(string path)
    {
        var read = new BuildCase(path);
        string? name = null;
        var text = new StringBuilder();
        foreach (var line in File.ReadAllText(path).Split('\n'))
        {
            if (line.StartsWith(Mark, StringComparison.Ordinal))
            {
                if (name is not null) read._sections[name] = text.ToString();
                name = line[Mark.Length..];
                text.Clear();
            }
            else
            {
                text.Append(line).Append('\n');
            }
        }

        if (name is not null) read._sections[name] = text.ToString().TrimEnd('\n') + "\n";
        return read;
    }

    /// <summary>Writes what came of it as what has to.</summary>
    public void Record(string? tree, string? config, string? error)
    {
        foreach (var name in (string[])["tree", "config", "error"]) _sections.Remove(name);
        if (tree is not null) _sections["tree"] = tree;
        if (config is not null) _sections["config"] = config;
        if (error is not null) _sections["error"] = error;
        var text = new StringBuilder();
        foreach (var name in (string[])["context", "Dockerfile", "args", "tree", "config", "error"])
        {
            if (_sections.TryGetValue(name, out var section)) text.Append(Mark).Append(name).Append('\n').Append(section);
        }

        File.WriteAllText(_path, text.ToString());
    }

    /// <summary>Writes the context into an empty folder.</summary>
    public void WriteContext(string folder)
    {
        foreach (var line in (Expected("context") ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries)) WriteFile(folder, line);
        File.WriteAllText(Path.Combine(folder, "Dockerfile"), Dockerfile);
    }

    static void WriteFile(string folder, string line)
    {
        var arrow = line.IndexOf(" -> ", StringComparison.Ordinal);
        if (arrow > 0)
        {
            File.CreateSymbolicLink(Parented(folder, line[..arrow]), line[(arrow + 4)..]);
            return;
        }

        var equals = line.IndexOf(" = ", StringComparison.Ordinal);
        var words = (equals < 0 ? line : line[..equals]).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var path = Parented(folder, words[0]);
        if (words[0].EndsWith('/')) Directory.CreateDirectory(path);
        else File.WriteAllText(path, (equals < 0 ? "" : line[(equals + 3)..]).Replace("\\n", "\n", StringComparison.Ordinal));
        File.SetUnixFileMode(path, words.Length > 1 ? (UnixFileMode)Convert.ToInt32(words[1], 8) : words[0].EndsWith('/') ? (UnixFileMode)0x1ED : (UnixFileMode)0x1A4);
    }

    static string Parented(string folder, string path)
    {
        var full = Path.Combine(folder, path);
        for (var above = Path.GetDirectoryName(full.TrimEnd('/'))!; above.Length > folder.Length && !Directory.Exists(above); above = Path.GetDirectoryName(above)!)
            Directory.CreateDirectory(above);
        return full;
    }
}
