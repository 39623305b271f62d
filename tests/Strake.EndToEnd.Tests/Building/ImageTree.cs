using System.Formats.Tar;
using System.Globalization;
using System.Text;
using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Building;

/// <summary>An image's files, as a container of it exports them.</summary>
public static class ImageTree
{
    // What an engine puts into each container.
    static readonly string[] s_mountpoints =
        ["/.dockerenv", "/dev/", "/proc/", "/sys/", "/etc/hosts", "/etc/hostname", "/etc/resolv.conf", "/etc/mtab"];

    /// <summary>A line a file, sorted: kind, mode, owner, path, and what is in it.</summary>
    public static async Task<SortedDictionary<string, string>> ListAsync(Engine engine, string image)
    {
        var container = engine.NewContainer();
        await engine.Docker.OkAsync("create", "--name", container, "--network", "none", "--entrypoint", "/none", image);
        var path = engine.NewPath();
        await engine.Docker.OkAsync("export", "-o", path, container);
        await engine.Docker.OkAsync("rm", container);
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        await using var file = File.OpenRead(path);
        await using var tar = new TarReader(file);
        while (await tar.GetNextEntryAsync() is { } entry)
        {
            var name = "/" + entry.Name.Trim('/');
            if (!s_mountpoints.Any(point => (name + "/").StartsWith(point, StringComparison.Ordinal) || name == point)) files[name] = Line(name, entry);
        }

        return files;
    }

    /// <summary>What one image has that another has not, and what it has not any more.</summary>
    public static string Difference(SortedDictionary<string, string> files, SortedDictionary<string, string> below)
    {
        var text = new StringBuilder();
        foreach (var (path, line) in files)
        {
            if (below.GetValueOrDefault(path) != line) text.Append(line).Append('\n');
        }

        foreach (var path in below.Keys.Where(path => !files.ContainsKey(path))) text.Append("- ").Append(path).Append('\n');
        return text.ToString();
    }

    static string Line(string name, TarEntry entry)
    {
        var head = string.Create(CultureInfo.InvariantCulture, $"{Kind(entry.EntryType)} {Convert.ToString((int)entry.Mode, 8).PadLeft(4, '0')} {entry.Uid}:{entry.Gid} {name}");
        return entry.EntryType switch
        {
            TarEntryType.SymbolicLink or TarEntryType.HardLink => $"{head} -> {entry.LinkName}",
            TarEntryType.Directory => head,
            _ => $"{head} {Content(entry)}",
        };
    }

    static char Kind(TarEntryType type) => type switch
    {
        TarEntryType.Directory => 'd',
        TarEntryType.SymbolicLink => 'l',
        TarEntryType.HardLink => 'h',
        TarEntryType.RegularFile or TarEntryType.V7RegularFile => 'f',
        _ => '?',
    };

    static string Content(TarEntry entry)
    {
        if (entry.DataStream is not { } stream) return "\"\"";
        if (stream.Length > 200) return stream.Length.ToString(CultureInfo.InvariantCulture);
        using var reader = new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        return $"\"{reader.ReadToEnd().Replace("\n", "\\n", StringComparison.Ordinal)}\"";
    }
}
