using System.Collections.Concurrent;
using Strake.Images;
using Strake.Linux;

namespace Strake.Build;

/// <summary>
/// The directories of <c>RUN --mount=type=cache</c>: below <c>build/cache</c> of the data root, one for each id. They live until they are
/// pruned; none is while a program has it.
/// </summary>
/// <param name="directory">Where they are.</param>
sealed class CacheMounts(string directory)
{
    readonly ConcurrentDictionary<string, SemaphoreSlim> locks = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, int> users = new(StringComparer.Ordinal);

    /// <summary>Takes a directory, for as long as the lease is not disposed.</summary>
    /// <param name="mount">What is wanted.</param>
    /// <param name="cancellationToken">Ends the wait for one that is shared by turns.</param>
    public async Task<Lease> TakeAsync(CacheMount mount, CancellationToken cancellationToken)
    {
        var id = mount.Id.Length > 0 ? mount.Id : "/" + BytePath.Clean(mount.Target);
        var name = Digest.Of(System.Text.Encoding.UTF8.GetBytes(id)).Hex;
        SemaphoreSlim? turn = null;
        if (mount.Sharing == CacheSharing.Locked)
        {
            turn = locks.GetOrAdd(name, static _ => new SemaphoreSlim(1));
            await turn.WaitAsync(cancellationToken);
        }

        if (mount.Sharing == CacheSharing.Private)
        {
            for (var copy = 0; !users.TryAdd(name, 1); copy++) name = $"{name.Split('-')[0]}-{copy}";
        }
        else
        {
            users.AddOrUpdate(name, 1, static (_, count) => count + 1);
        }

        var path = Path.Combine(directory, name);
        var isNew = !Directory.Exists(path);
        if (isNew) Make(path, id, mount.Ownership);
        return new Lease(Path.Combine(path, "content"), isNew, () => Leave(name, turn));
    }

    /// <summary>All of them: name, id, bytes, when last used, and whether somebody has it.</summary>
    public IReadOnlyList<CacheMountInfo> List() => Directory.Exists(directory)
        ? [.. Directory.EnumerateDirectories(directory).Select(Describe)]
        : [];

    /// <summary>Removes one that nobody has.</summary>
    /// <returns>Whether it is gone.</returns>
    public bool TryRemove(string name)
    {
        if (!users.TryAdd(name, 1)) return false;
        try
        {
            TreeRemoval.Remove(Path.Combine(directory, name));
            return true;
        }
        finally
        {
            users.TryRemove(name, out _);
        }
    }

    void Make(string path, string id, MountOwnership? ownership)
    {
        Directory.CreateDirectory(directory, Permissions.Octal0700);
        Directory.CreateDirectory(path, Permissions.Octal0700);
        File.WriteAllText(Path.Combine(path, "id"), id);
        var content = Path.Combine(path, "content");
        Directory.CreateDirectory(content);
        File.SetUnixFileMode(content, (UnixFileMode)(ownership?.Mode ?? CacheMount.DefaultMode));
        if (ownership is not null) Syscall.ChownAt(Syscall.WorkingDirectory, PathBytes.Encode(content), ownership.Uid, ownership.Gid);
    }

    CacheMountInfo Describe(string path)
    {
        var name = Path.GetFileName(path);
        var id = Path.Combine(path, "id");
        var content = Path.Combine(path, "content");
        return new CacheMountInfo(
            name, File.Exists(id) ? File.ReadAllText(id) : "", Directory.Exists(content) ? TreeUsage.Measure(content).AllocatedBytes : 0,
            new DateTimeOffset(File.GetLastWriteTimeUtc(id)), new DateTimeOffset(File.GetLastWriteTimeUtc(Path.Combine(path, "used"))), users.ContainsKey(name));
    }

    void Leave(string name, SemaphoreSlim? turn)
    {
        var path = Path.Combine(directory, name);
        if (Directory.Exists(path)) File.WriteAllText(Path.Combine(path, "used"), "");
        if (users.AddOrUpdate(name, 0, static (_, count) => count - 1) <= 0) users.TryRemove(new(name, 0));
        turn?.Release();
    }

    /// <summary>A directory that somebody has.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="isNew">Whether nobody had it before.</param>
    /// <param name="leave">Called at disposal.</param>
    public sealed class Lease(string path, bool isNew, Action leave) : IDisposable
    {
        /// <summary>The directory.</summary>
        public string Path => path;

        /// <summary>Whether nobody had it before.</summary>
        public bool IsNew => isNew;

        /// <inheritdoc/>
        public void Dispose() => leave();
    }
}
