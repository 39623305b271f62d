using System.Globalization;

namespace Strake.Layers;

/// <summary>The datasets of layers, below one that is given, through the program <c>zfs</c>. What is there already or gone already is fine.</summary>
/// <param name="parent">The dataset that they are below.</param>
sealed class ZfsDatasets(string parent)
{
    const string SnapshotName = "@layer";

    // ZFS keeps a thirty-second of a pool to itself, and refuses before it is quite full.
    const long Full = 1 << 20;

    // Each is two programs.
    const int MostTries = 10;

    /// <summary>The dataset of a layer.</summary>
    public string Of(LayerId id) => $"{parent}/{id}";

    /// <summary>Makes an empty dataset.</summary>
    public void Create(string dataset, IReadOnlyList<string> properties) => Make(dataset, ["create", .. properties, dataset]);

    /// <summary>Makes a dataset that begins as another one is; that one is not changed any more.</summary>
    public void Clone(string source, string dataset, IReadOnlyList<string> properties)
    {
        IReadOnlyList<string> clone = ["clone", .. properties, source + SnapshotName, dataset];
        // Nearly always the source was sealed, and asking for its snapshot first would cost a program.
        if (StorageProgram.Try("zfs", clone).IsSuccess || Exists(dataset)) return;
        Snapshot(source);
        Make(dataset, clone);
    }

    /// <summary>Makes a dataset's snapshot that clones begin as.</summary>
    public void Snapshot(string dataset) => Make(dataset + SnapshotName, ["snapshot", dataset + SnapshotName]);

    /// <summary>Removes a dataset with its snapshot.</summary>
    /// <exception cref="StrakeException">InUse: it is mounted, or another lies on it.</exception>
    public void Destroy(string dataset)
    {
        var words = "";
        var isGone = Patience.TryUntil(
            () =>
            {
                var result = StorageProgram.Try("zfs", "destroy", "-r", dataset);
                words = result.Words;
                return result.IsSuccess || !Exists(dataset);
            },
            MostTries);
        if (!isGone) throw StrakeException.InUse($"zfs: {words}");
    }

    /// <summary>For <c>docker info</c>, under Docker's names.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Describe()
    {
        var pool = parent.Split('/')[0];
        var values = StorageProgram.Try("zfs", "get", "-Hp", "-o", "value", "used,available,quota,compression", parent).Output.Split('\n');
        string[] names = ["Space Used By Parent", "Space Available", "Parent Quota", "Compression"];
        return
        [
            new("Zpool", pool),
            new("Zpool Health", StorageProgram.Try("zpool", "list", "-H", "-o", "health", pool).Output),
            new("Parent Dataset", parent),
            .. names.Zip(values, static (name, value) => KeyValuePair.Create(name, value)),
        ];
    }

    void Make(string name, IReadOnlyList<string> arguments)
    {
        var result = StorageProgram.Try("zfs", arguments);
        if (result.IsSuccess || Exists(name)) return;
        throw IsFull() ? StrakeException.Exhausted($"zfs: no space left below {parent}: {result.Words}") : StrakeException.Internal(result.Words);
    }

    bool IsFull() =>
        long.TryParse(StorageProgram.Try("zfs", "get", "-Hp", "-o", "value", "available", parent).Output, NumberStyles.None, CultureInfo.InvariantCulture, out var free)
        && free < Full;

    static bool Exists(string name) => StorageProgram.Try("zfs", "list", "-H", "-t", "filesystem,snapshot", "-o", "name", name).IsSuccess;
}
