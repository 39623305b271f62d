using Strake.Linux;

namespace Strake.Images;

/// <summary>
/// Blobs as far as they have come: what a pull downloads lies here until its image is there, so that the next try goes on where this one
/// ended, after a restart too.
/// </summary>
/// <remarks>
/// <code>
/// image/ingest/
///   &lt;hex&gt;.part     0600: the first bytes of the blob of that digest; nothing of it is verified
/// </code>
/// A part is one transfer's at a time. It goes when its image is published, when its bytes prove wrong, when it was not touched for
/// <see cref="Age"/>, and when the disk is short. Nothing is synced: what a power cut leaves wrong shows at the end, and that part is
/// fetched anew.
/// </remarks>
sealed class PartStore(string directory, TimeProvider clock)
{
    const string Suffix = ".part";

    // Below this share of free space a prune takes every part that nobody uses.
    const int ShortPercent = 10;

    /// <summary>How long a part waits for the next try.</summary>
    public static readonly TimeSpan Age = TimeSpan.FromHours(24);

    readonly Lock _gate = new();
    readonly Dictionary<Digest, Turn> _turns = [];

    /// <summary>Whether a file in the folder is a part.</summary>
    public static bool IsPart(string name) => name.EndsWith(Suffix, StringComparison.Ordinal) && Digest.IsHex(name.AsSpan(0, name.Length - Suffix.Length));

    /// <summary>Opens a blob's part, making it where there is none; waits while another transfer has it.</summary>
    /// <param name="blob">The blob.</param>
    /// <param name="sizeBytes">Its whole length. What is there beyond it is wrong, and cut off.</param>
    /// <param name="cancellationToken">Cancels the waiting.</param>
    /// <exception cref="StrakeException">The file cannot be opened.</exception>
    public async Task<Part> OpenAsync(Digest blob, long sizeBytes, CancellationToken cancellationToken)
    {
        var turn = Enter(blob);
        try
        {
            await turn.Free.WaitAsync(cancellationToken);
        }
        catch
        {
            Leave(blob, turn, isHeld: false);
            throw;
        }

        try
        {
            FaultPoint.Reach("pull.part.before-open");
            var path = PathOf(blob);
            return BlobFailure.Guard("opening", path, () => new Part(path, sizeBytes, () => Leave(blob, turn, isHeld: true)));
        }
        catch
        {
            Leave(blob, turn, isHeld: true);
            throw;
        }
    }

    /// <summary>Removes the parts of blobs, unless a transfer has them.</summary>
    public void Remove(IEnumerable<Digest> blobs)
    {
        foreach (var blob in blobs)
        {
            FaultPoint.Reach("pull.part.before-remove");
            TryRemove(blob);
        }
    }

    /// <summary>Removes what waits no longer: parts past their age, or all that nobody uses when the disk is short.</summary>
    /// <returns>Bytes freed.</returns>
    public long Prune()
    {
        var stat = Syscall.StatFs(directory);
        return Prune(isShort: stat.AvailableBytes < stat.SizeBytes / 100 * ShortPercent);
    }

    /// <summary>Removes what nobody uses, for somebody needs the space now.</summary>
    /// <returns>Bytes freed.</returns>
    public long PruneAll() => Prune(isShort: true);

    long Prune(bool isShort)
    {
        var freed = 0L;
        var oldest = clock.GetUtcNow() - Age;
        foreach (var file in new DirectoryInfo(directory).EnumerateFiles("*" + Suffix).Where(f => IsPart(f.Name)))
        {
            if (!isShort && new DateTimeOffset(file.LastWriteTimeUtc) > oldest) continue;
            var size = file.Length;
            if (Digest.TryParse(Digest.Prefix + Path.GetFileNameWithoutExtension(file.Name), out var blob) && TryRemove(blob)) freed += size;
        }

        return freed;
    }

    // Under the gate, so that no transfer can begin with a file that goes.
    bool TryRemove(Digest blob)
    {
        lock (_gate)
        {
            if (_turns.ContainsKey(blob)) return false;
            File.Delete(PathOf(blob));
            return true;
        }
    }

    // A digest is 64 hexadecimal digits: nothing in it can lead elsewhere.
    string PathOf(Digest blob) => Path.Combine(directory, blob.Hex + Suffix);

    Turn Enter(Digest blob)
    {
        lock (_gate)
        {
            if (!_turns.TryGetValue(blob, out var turn)) _turns[blob] = turn = new Turn();
            turn.Users++;
            return turn;
        }
    }

    void Leave(Digest blob, Turn turn, bool isHeld)
    {
        lock (_gate)
        {
            if (isHeld) turn.Free.Release();
            if (--turn.Users == 0) _turns.Remove(blob);
        }
    }

    /// <summary>Who has a part, or waits for it.</summary>
    sealed class Turn
    {
        // Not disposed: without a wait handle there is nothing to give back.
        public SemaphoreSlim Free { get; } = new(1, 1);

        public int Users { get; set; }
    }
}
