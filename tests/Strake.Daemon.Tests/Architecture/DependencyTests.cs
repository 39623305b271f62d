using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Strake.Daemon.Tests.Architecture;

/// <summary>Who may use whom: the rules of the house, read from the project files and the sources themselves.</summary>
public sealed partial class DependencyTests
{
    // Lowest first. A project may use those of lower levels, and of its own level those named.
    static readonly Dictionary<string, int> s_levels = new(StringComparer.Ordinal)
    {
        ["Strake.Linux"] = 0,
        ["Strake.State"] = 0,
        ["Strake.Grpc"] = 0,
        ["Strake.Images"] = 1,
        ["Strake.Csi"] = 1,
        ["Strake.Layers"] = 2,
        ["Strake.Volumes"] = 2,
        ["Strake.Containers"] = 3,
        ["Strake.Build"] = 3,
        ["Strake.Kubernetes"] = 3,
        ["Strake.Daemon"] = 4,
        ["Strake.Cli"] = 5,
    };

    // What the levels would allow, and the house does not.
    static readonly (string User, string Used, string Why)[] s_forbidden =
    [
        ("Strake.Volumes", "Strake.Images", "volumes know nothing of images"),
        ("Strake.Volumes", "Strake.Layers", "volumes know nothing of layers"),
        ("Strake.Images", "Strake.Layers", "images know bytes, not mounts"),
        ("Strake.Linux", "Strake.State", "system calls know nothing of the engine"),
    ];

    static readonly (string Folder, string Pattern, string[] Allowed, string Rule)[] s_sourceRules =
    [
        ("src", @"\b(Library|Dll)Import\b", ["src/Strake.Linux/", "src/Strake.State/Sqlite/", "src/Strake.Images/Compression/"], "interop stands in Strake.Linux (and the bindings of SQLite and codecs)"),
        ("src", @"\bunsafe\b", ["src/Strake.Linux/", "src/Strake.State/Sqlite/", "src/Strake.Images/Compression/"], "unsafe code stands in Strake.Linux (and the bindings of SQLite and codecs)"),
        ("src", @"\bMicrosoft\.AspNetCore\b", ["src/Strake.Daemon/", "src/Strake.Grpc/"], "only Daemon and Grpc know ASP.NET"),
        ("src", @"(?i)\bsqlite3_|\bStrake\.State\.Sqlite\b|\bSqliteStateStore\b|\bMicrosoft\.Data\.Sqlite\b", ["src/Strake.State/Sqlite/", "src/Strake.Daemon/Composition/"], "SQLite stands in State/Sqlite, and the composition root opens it"),
        ("src/Strake.Layers/Drivers", @"\bIStateStore\b|\bStateTable\b|\bStrake\.Images\b|\bFormats\.Tar\b", [], "a storage driver knows no record, no image, no tar"),
        ("src/Strake.Volumes/Drivers", @"\bIStateStore\b|\bStateTable\b", [], "a volume driver knows no record"),
        ("src/Strake.Kubernetes/Decisions", @"\bIStateStore\b|\bStateTable\b|\bIObjectStore\b|\bTimeProvider\b|\bStrake\.Volumes\b|\basync\b", [], "a decision knows no store, no clock, no driver"),
    ];

    [Fact]
    public void Projects_use_only_what_lies_below_them()
    {
        List<string> offences = [];
        foreach (string project in Directory.GetFiles(Path.Combine(SourceTree.Root, "src"), "*.csproj", SearchOption.AllDirectories))
        {
            string user = Path.GetFileNameWithoutExtension(project);
            if (!s_levels.TryGetValue(user, out int level)) offences.Add($"{Relative(project)}: {user} has no place in the house");
            foreach (string used in References(project))
            {
                if (!s_levels.TryGetValue(used, out int below) || below >= level) offences.Add($"{Relative(project)}: {user} -> {used}: not below it");
                offences.AddRange(s_forbidden.Where(rule => rule.User == user && rule.Used == used).Select(rule => $"{Relative(project)}: {user} -> {used}: {rule.Why}"));
            }
        }

        Assert.True(offences.Count == 0, string.Join('\n', offences));
    }

    [Fact]
    public void Forbidden_neighbours_are_not_reached_by_a_detour()
    {
        Dictionary<string, string[]> references = Directory.GetFiles(Path.Combine(SourceTree.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .ToDictionary(project => Path.GetFileNameWithoutExtension(project)!, References, StringComparer.Ordinal);
        List<string> offences = [];
        foreach ((string user, string used, string why) in s_forbidden)
            if (PathTo(user, used, references) is { } path) offences.Add($"{path}: {why}");
        Assert.True(offences.Count == 0, string.Join('\n', offences));
    }

    [Fact]
    public void Sources_keep_what_is_others_out()
    {
        List<string> offences = [];
        foreach ((string folder, string pattern, string[] allowed, string rule) in s_sourceRules)
        {
            string root = Path.Combine(SourceTree.Root, folder);
            if (!Directory.Exists(root)) continue;
            foreach (string file in Sources(root).Where(file => !allowed.Any(place => Relative(file).StartsWith(place, StringComparison.Ordinal))))
                offences.AddRange(Lines(file, pattern).Select(line => $"{line}: {rule}"));
        }

        Assert.True(offences.Count == 0, string.Join('\n', offences));
    }

    [Fact]
    public void No_storage_driver_uses_another()
    {
        List<string> offences = [];
        string drivers = Path.Combine(SourceTree.Root, "src/Strake.Layers/Drivers");
        string[] names = [.. Directory.GetDirectories(drivers).Select(folder => Path.GetFileName(folder)!)];
        foreach (string name in names)
        {
            string others = string.Join('|', names.Where(other => other != name).Select(other => $@"\b{other}Driver\b"));
            foreach (string file in Sources(Path.Combine(drivers, name)))
                offences.AddRange(Lines(file, others).Select(line => $"{line}: a storage driver uses no other"));
        }

        Assert.True(offences.Count == 0, string.Join('\n', offences));
    }

    [Fact]
    public void No_project_is_a_drawer_for_odds_and_ends()
    {
        string[] offences = [.. s_levels.Keys.Concat(Directory.GetDirectories(Path.Combine(SourceTree.Root, "src")).Select(folder => Path.GetFileName(folder)!))
            .Where(name => DrawerName().IsMatch(name))];
        Assert.Empty(offences);
    }

    static string[] References(string project) =>
        [.. XDocument.Load(project).Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension((string)reference.Attribute("Include")!)!)];

    static string? PathTo(string user, string used, Dictionary<string, string[]> references)
    {
        foreach (string next in references.GetValueOrDefault(user) ?? [])
        {
            if (next == used) return $"{user} -> {used}";
            if (PathTo(next, used, references) is { } rest) return $"{user} -> {rest}";
        }

        return null;
    }

    static IEnumerable<string> Sources(string folder) => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
        .Where(file => !Relative(file).Split('/').Any(part => part is "obj" or "bin"));

    // Comments may speak of what the code must not use.
    static IEnumerable<string> Lines(string file, string pattern)
    {
        int number = 0;
        foreach (string line in File.ReadLines(file))
        {
            number++;
            int comment = line.IndexOf("//", StringComparison.Ordinal);
            string code = comment < 0 ? line : line[..comment];
            if (Regex.IsMatch(code, pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1))) yield return $"{Relative(file)}:{number}: {code.Trim()}";
        }
    }

    static string Relative(string path) => Path.GetRelativePath(SourceTree.Root, path);

    [GeneratedRegex(@"\.(Common|Core|Abstractions|Utils?|Helpers?)\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DrawerName();
}
