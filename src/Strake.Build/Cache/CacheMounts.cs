using System.Text;
using Strake.Images;
using Strake.Linux;

namespace Strake.Build;

/// <summary>
/// The directories of <c>RUN --mount=type=cache</c>: below <c>build/cache</c> of the data root, one for each id. They live until they are
/// pruned; none is while a program has it. One appears under its name when it is whole, and leaves its name before its content goes.
/// </summary>
sealed class CacheMounts
{
    const string UnfinishedSuffix = ".unfinished";

    readonly string directory;
    readonly Lock gate = new();
    readonly Dictionary<string, Place> places = new(StringComparer.Ordinal);

    /// <summary>Takes them as they are, without what a killed process began to make or to remove.</summary>
    /// <param name="directory">Where they are; made when the first is.</param>
    public CacheMounts(string directory)
    {
        this.directory = directory;
        if (!Directory.Exists(directory)) return;
        foreach (var unfinished in Directory.EnumerateDirectories(directory, "*" + UnfinishedSuffix)) TreeRemoval.Remove(unfinished);
    }

    /// <summary>Takes a directory, for as long as the lease is not disposed. Who shares one that another is making waits until it is made.</summary>
    /// <param name="mount">What is wanted.</param>
    /// <param name="fill">Puts the first content into a new one; null leaves it empty.</param>
    /// <param name="cancellationToken">Ends the wait for one that is shared by turns.</param>
    public async Task<Lease> TakeAsync(CacheMount mount, Func<string, Task>? fill, CancellationToken cancellationToken)
    {
        var id = mount.Id.Length > 0 ? mount.Id : "/" + BytePath.Clean(mount.Target);
        var place = Enter(Digest.Of(Encoding.UTF8.GetBytes(id)).Hex, mount.Sharing == CacheSharing.Private);
        var hasTurn = false;
        try
        {
            if (mount.Sharing == CacheSharing.Locked)
            {
                await place.Turn.WaitAsync(cancellationToken);
                hasTurn = true;
            }

            await place.Making.WaitAsync(cancellationToken);
            try
            {
                if (!Directory.Exists(ContentOf(place.Name))) await MakeAsync(place.Name, id, mount.Ownership, fill);
            }
            finally
            {
                place.Making.Release();
            }

            return new Lease(ContentOf(place.Name), () => Leave(place, hasTurn));
        }
        catch
        {
            Leave(place, hasTurn);
            throw;
        }
    }

    /// <summary>All of them: name, id, bytes, when last used, and whether somebody has it.</summary>
    public IReadOnlyList<CacheMountInfo> List() => Directory.Exists(directory)
        ? [.. Directory.EnumerateDirectories(directory).Where(static path => !path.EndsWith(UnfinishedSuffix, StringComparison.Ordinal)).Select(Describe)]
        : [];

    /// <summary>Removes one that nobody has.</summary>
    /// <returns>Whether it is gone.</returns>
    public bool TryRemove(string name)
    {
        Place place;
        lock (gate)
        {
            if (places.ContainsKey(name)) return false;
            place = EnterLocked(name);
            place.Making.Wait(0);   // ours alone so far: who wants it meanwhile makes a new one after us
        }

        try
        {
            Discard(name);
            return true;
        }
        finally
        {
            place.Making.Release();
            Leave(place, hasTurn: false);
        }
    }

    string PathOf(string name) => Path.Combine(directory, name);

    string ContentOf(string name) => Path.Combine(directory, name, "content");

    Place Enter(string name, bool isPrivate)
    {
        lock (gate)
        {
            if (!isPrivate) return EnterLocked(name);
            var free = name;
            for (var copy = 0; places.ContainsKey(free); copy++) free = $"{name}-{copy}";
            return EnterLocked(free);
        }
    }

    Place EnterLocked(string name)
    {
        if (!places.TryGetValue(name, out var place)) places.Add(name, place = new Place(name));
        place.Users++;
        return place;
    }

    void Leave(Place place, bool hasTurn)
    {
        if (hasTurn) place.Turn.Release();
        lock (gate)
        {
            var path = PathOf(place.Name);
            if (Directory.Exists(path)) File.WriteAllText(Path.Combine(path, "used"), "");
            if (--place.Users == 0) places.Remove(place.Name);
        }
    }

    async Task MakeAsync(string name, string id, MountOwnership? ownership, Func<string, Task>? fill)
    {
        Directory.CreateDirectory(directory, Permissions.Octal0700);
        Discard(name);
        var draft = PathOf(name) + UnfinishedSuffix;
        Directory.CreateDirectory(draft, Permissions.Octal0700);
        try
        {
            FaultPoint.Reach("build.cache-mount.begun");
            File.WriteAllText(Path.Combine(draft, "id"), id);
            var content = Path.Combine(draft, "content");
            Directory.CreateDirectory(content);
            File.SetUnixFileMode(content, (UnixFileMode)(ownership?.Mode ?? CacheMount.DefaultMode));
            if (ownership is not null) Syscall.ChownAt(Syscall.WorkingDirectory, PathBytes.Encode(content), ownership.Uid, ownership.Gid);
            if (fill is not null) await fill(content);
            FaultPoint.Reach("build.cache-mount.filled");
            Directory.Move(draft, PathOf(name));
        }
        catch (Exception)
        {
            TreeRemoval.Remove(draft);
            throw;
        }
    }

    void Discard(string name)
    {
        var path = PathOf(name);
        var gone = path + UnfinishedSuffix;
        if (Directory.Exists(gone)) TreeRemoval.Remove(gone);
        if (!Directory.Exists(path)) return;
        Directory.Move(path, gone);
        FaultPoint.Reach("build.cache-mount.unnamed");
        TreeRemoval.Remove(gone);
    }

    CacheMountInfo Describe(string path)
    {
        var name = Path.GetFileName(path);
        var id = Path.Combine(path, "id");
        var content = Path.Combine(path, "content");
        return new CacheMountInfo(
            name, File.Exists(id) ? File.ReadAllText(id) : "", Directory.Exists(content) ? TreeUsage.Measure(content).AllocatedBytes : 0,
            new DateTimeOffset(File.GetLastWriteTimeUtc(id)), new DateTimeOffset(File.GetLastWriteTimeUtc(Path.Combine(path, "used"))), IsInUse(name));
    }

    bool IsInUse(string name)
    {
        lock (gate) return places.ContainsKey(name);
    }

    /// <summary>A directory that somebody has.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="leave">Called at disposal.</param>
    public sealed class Lease(string path, Action leave) : IDisposable
    {
        /// <summary>The directory.</summary>
        public string Path => path;

        /// <inheritdoc/>
        public void Dispose() => leave();
    }

    /// <summary>A name that somebody has or waits for.</summary>
    sealed class Place(string name)
    {
        public string Name => name;

        public SemaphoreSlim Turn { get; } = new(1);

        public SemaphoreSlim Making { get; } = new(1);

        public int Users { get; set; }
    }
}
