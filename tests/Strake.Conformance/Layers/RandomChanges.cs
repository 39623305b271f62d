using Strake.Linux;

namespace Strake.Conformance.Layers;

/// <summary>
/// Random changes of a tree, whose few names collide all the time. The same seed makes the same changes. What makes no sense at the moment
/// (a directory over a file, a name that is not there) is left out.
/// </summary>
/// <param name="seed">The seed.</param>
/// <param name="linksFiles">Whether files are given second names.</param>
/// <remarks>Every file gets a time of its own, so that a change is never hidden by a clock that ticks too slowly.</remarks>
public sealed class RandomChanges(int seed, bool linksFiles = true)
{
    static readonly string[] s_names = ["a", "b", "c", "d"];
    static readonly int[] s_sizes = [0, 1, 511, 4096, 5000, 70_000];
    static readonly UnixFileMode[] s_modes =
        [Permissions.Octal0600, Permissions.Octal0644, Permissions.Octal0755, Permissions.Octal1777, Permissions.Octal0755 | UnixFileMode.SetUser];

    readonly Random _random = new(seed);
    readonly List<string> _done = [];
    // Another seed's times begin elsewhere, for its changes may lie above these.
    long _time = 1_000_000_000 + (500 * ((2 * Math.Abs((long)seed)) + (seed < 0 ? 1 : 0)));

    /// <summary>What was done, for a message.</summary>
    public string Story => $"seed {seed}: {string.Join("; ", _done)}";

    /// <summary>Changes a tree.</summary>
    /// <param name="root">Where it is.</param>
    /// <param name="count">How many changes are tried.</param>
    public void Apply(string root, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var (path, other) = (Pick(), Pick());
            try
            {
                Change(_random.Next(14), $"{root}/{path}", $"{root}/{other}", path, other);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It makes no sense at the moment.
                continue;
            }
        }
    }

    string Pick() => string.Join('/', Enumerable.Range(0, _random.Next(1, 4)).Select(_ => s_names[_random.Next(s_names.Length)]));

    void Change(int kind, string path, string other, string name, string otherName)
    {
        switch (kind)
        {
            case 0 or 1 or 2:
                Write(path, FileMode.Create);
                break;
            case 3 or 4:
                Syscall.MkdirAt(Syscall.WorkingDirectory, path, Permissions.Octal0755);
                break;
            case 5:
                Write(path, FileMode.Append);
                break;
            case 6:
                Remove(path);
                break;
            case 7:
                Syscall.RenameAt(Syscall.WorkingDirectory, path, Syscall.WorkingDirectory, other);
                break;
            case 8:
                Syscall.SymlinkAt(otherName, Syscall.WorkingDirectory, path);
                break;
            case 9:
                if (!linksFiles) throw new IOException("no links");
                Syscall.LinkAt(Syscall.WorkingDirectory, PathBytes.Encode(path), Syscall.WorkingDirectory, PathBytes.Encode(other));
                break;
            case 10:
                RefuseLink(path);
                Syscall.ChmodAt(Syscall.WorkingDirectory, path, s_modes[_random.Next(s_modes.Length)]);
                break;
            case 11:
                Syscall.ChownAt(Syscall.WorkingDirectory, PathBytes.Encode(path), (uint)_random.Next(3) * 1000, 50);
                break;
            case 12:
                SetAttribute(path);
                break;
            default:
                if (_random.Next(2) == 0) Syscall.MkfifoAt(Syscall.WorkingDirectory, path, Permissions.Octal0644);
                else Syscall.MknodAt(Syscall.WorkingDirectory, path, FileKind.CharacterDevice, Permissions.Octal0600, new DeviceNumber(1, 3));
                break;
        }

        _done.Add($"{kind} {name} {otherName}");
        if (kind is not (6 or 7)) SetTime(path);
    }

    // Never through a symbolic link, which may lead anywhere.
    void Write(string path, FileMode mode)
    {
        RefuseLink(path);
        if (Syscall.TryStatAt(Syscall.WorkingDirectory, path, out var stat) && stat.Kind is not FileKind.Regular) throw new IOException("no file");
        using var file = new FileStream(path, mode, FileAccess.Write);
        var content = new byte[s_sizes[_random.Next(s_sizes.Length)]];
        _random.NextBytes(content);
        file.Write(content);
    }

    static void Remove(string path)
    {
        if (!Syscall.TryStatAt(Syscall.WorkingDirectory, path, out _)) throw new IOException("nothing there");
        TreeRemoval.Remove(path);
    }

    void SetAttribute(string path)
    {
        RefuseLink(path);
        using var file = Syscall.Open(path, OpenFlags.ReadOnly | OpenFlags.NoFollow | OpenFlags.NonBlocking);
        var name = _random.Next(2) == 0 ? "trusted.strake" : "trusted.other";
        if (_random.Next(4) == 0) Syscall.RemoveXattr(file, PathBytes.Encode(name));
        else Syscall.SetXattr(file, name, [(byte)_random.Next(256)]);
    }

    void SetTime(string path)
    {
        var time = new UnixTime(++_time, (uint)_random.Next(2) * 123_456_789);
        Syscall.UtimensAt(Syscall.WorkingDirectory, PathBytes.Encode(path), time, time);
    }

    static void RefuseLink(string path)
    {
        if (Syscall.TryStatAt(Syscall.WorkingDirectory, path, out var stat) && stat.Kind is FileKind.SymbolicLink) throw new IOException("a link");
    }
}
