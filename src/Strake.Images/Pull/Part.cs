using Microsoft.Win32.SafeHandles;
using Strake.Linux;

namespace Strake.Images;

/// <summary>
/// A blob that is being downloaded: written at its end by one, and read from its start by another, who waits where the writer has not come
/// yet. What an earlier try left is there at once.
/// </summary>
sealed class Part : IDisposable
{
    readonly string _path;
    readonly SafeFileHandle _file;
    readonly Action _leave;
    readonly SemaphoreSlim _grown = new(0, 1);
    Exception? _failure;
    long _length;
    bool _isWrong;

    /// <summary>Opens or makes the file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="sizeBytes">The blob's whole length.</param>
    /// <param name="leave">Called once at disposal.</param>
    public Part(string path, long sizeBytes, Action leave)
    {
        _path = path;
        _leave = leave;
        SizeBytes = sizeBytes;
        const OpenFlags flags = OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.NoFollow;
        _file = Syscall.OpenAt(Syscall.WorkingDirectory, path, flags, Permissions.Octal0600);
        var there = RandomAccess.GetLength(_file);
        if (there > sizeBytes) RandomAccess.SetLength(_file, there = 0);
        ResumedAt = _length = there;
    }

    /// <summary>The blob's whole length.</summary>
    public long SizeBytes { get; }

    /// <summary>How much was there from an earlier try.</summary>
    public long ResumedAt { get; private set; }

    /// <summary>How much is there.</summary>
    public long Length => Interlocked.Read(ref _length);

    /// <summary>Adds what came.</summary>
    /// <exception cref="StrakeException">Exhausted: no space. DataLoss: more than the blob's length.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > SizeBytes - _length)
            throw StrakeException.DataLoss($"more bytes came than the {SizeBytes} that were announced");
        try
        {
            RandomAccess.Write(_file, bytes, _length);
        }
        catch (IOException e)
        {
            throw BlobFailure.Of("writing", _path, e);
        }

        Interlocked.Add(ref _length, bytes.Length);
        Signal();
    }

    /// <summary>Tells the reader that nothing more comes.</summary>
    /// <param name="failure">Why; it is thrown to the reader.</param>
    public void Fail(Exception failure)
    {
        Volatile.Write(ref _failure, failure);
        Signal();
    }

    /// <summary>Begins anew with nothing: what was there is wrong. Neither writer nor reader may be at work.</summary>
    public void Clear()
    {
        RandomAccess.SetLength(_file, 0);
        ResumedAt = 0;
        _failure = null;
        Interlocked.Exchange(ref _length, 0);
    }

    /// <summary>The file goes at disposal: its bytes are not the blob's, or nobody wants them.</summary>
    public void Discard() => _isWrong = true;

    /// <summary>The whole blob from its start, for one reader at a time; waits for what has not come yet.</summary>
    public Stream OpenReader() => new Reader(this);

    /// <summary>Closes the file, and removes it where it is wrong.</summary>
    public void Dispose()
    {
        if (_isWrong || Length == 0) File.Delete(_path);
        _file.Dispose();
        _grown.Dispose();
        _leave();
    }

    void Signal()
    {
        // One signal stands for any number of changes: the reader looks at all of it.
        lock (_grown)
        {
            if (_grown.CurrentCount == 0) _grown.Release();
        }
    }

    sealed class Reader(Part part) : ForwardStream
    {
        long _position;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            while (true)
            {
                var there = (int)Math.Min(part.Length - _position, buffer.Length);
                if (there > 0)
                {
                    var read = RandomAccess.Read(part._file, buffer.Span[..there], _position);
                    if (read == 0) throw StrakeException.DataLoss($"{part._path} was cut short by somebody else");
                    _position += read;
                    return read;
                }

                if (_position == part.SizeBytes || buffer.IsEmpty) return 0;
                if (Volatile.Read(ref part._failure) is { } failure) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
                await part._grown.WaitAsync(cancellationToken);
            }
        }
    }
}
