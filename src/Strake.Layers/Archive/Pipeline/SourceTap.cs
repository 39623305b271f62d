using Strake.Images;

namespace Strake.Layers.Archive.Pipeline;

/// <summary>A layer's bytes as they come, hashed, counted and reported while they are read.</summary>
sealed class SourceTap(Stream source, long? expectedLength, IProgress<long>? progress) : ForwardStream
{
    readonly BackgroundHash _hash = new();
    bool _hashing = true;

    /// <summary>How many bytes were read.</summary>
    public long Count { get; private set; }

    /// <summary>Stops hashing: the bytes are not compressed and their digest is the tar's.</summary>
    public void StopHashing() => _hashing = false;

    /// <summary>The digest of all that was read.</summary>
    public Task<Digest> DigestAsync() => _hash.CompleteAsync();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await source.ReadAsync(buffer, cancellationToken);
        if (read == 0) return 0;
        Count += read;
        if (Count > expectedLength) throw StrakeException.DataLoss($"the layer has more than the {expectedLength} bytes that it should have");
        if (_hashing) await _hash.AppendAsync(buffer[..read], cancellationToken);
        progress?.Report(Count);
        return read;
    }

    public override async ValueTask DisposeAsync()
    {
        await _hash.DisposeAsync();
        await base.DisposeAsync();
    }
}
