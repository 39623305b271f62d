using System.Threading.Channels;
using Strake.Grpc;

namespace Strake.Daemon.BuildKit.Files;

/// <summary>
/// Receives a client's files. Files are asked for while the list of them still comes, all that are wanted and without waiting for one another;
/// what has come is handed on at once.
/// </summary>
/// <param name="packets">What the sender says.</param>
/// <param name="answers">What it is told.</param>
/// <param name="target">Where the files go; stays the caller's.</param>
/// <param name="limits">What the sender may not exceed.</param>
/// <param name="complete">Says that no more answers follow: a sender that ends the call before has to take the rest back.</param>
sealed class FileReceiver(IGrpcReader<FilePacket> packets, IGrpcWriter<FilePacket> answers, IFileTarget target, FileLimits limits, Action complete)
{
    // Requests are a few bytes: many go out together.
    const int MaxBatch = 512;

    /// <summary>How long a sender may take to hear why it failed.</summary>
    static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(2);

    readonly FileWalk walk = new(target, limits);
    readonly Dictionary<uint, IFileContent> awaited = [];
    readonly Channel<uint> wanted = Channel.CreateUnbounded<uint>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    uint nextId;
    bool isListed;

    /// <summary>What has come so far. Read from any thread.</summary>
    public FileTransferCount Count { get; } = new();

    /// <summary>Receives all files; then the target is complete, and the sender has been told.</summary>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="StrakeException">Invalid, TooLarge: the sender does not keep to the rules. Unavailable: it has failed, and says why. Or the target's.</exception>
    /// <exception cref="GrpcException">The call did not end well.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // On a thread of its own: a sender that does not read must not keep its files from being read.
        Task requesting = Task.Run(() => RequestAsync(failed), CancellationToken.None);
        try
        {
            await ReceiveAsync(failed.Token);
            target.Complete();
            wanted.Writer.Complete();
            await requesting;
            await answers.WriteAsync(new FilePacket(FilePacketKind.Finish), cancellationToken);
            complete();
            await LeaveAsync(cancellationToken);
        }
        catch (Exception e)
        {
            await failed.CancelAsync();
            await requesting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (e is StrakeException) await TellAsync(e.Message);
            // What went wrong first is what it means.
            if (e is OperationCanceledException && requesting.IsFaulted && !cancellationToken.IsCancellationRequested) await requesting;
            throw;
        }
    }

    async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        while (!isListed || awaited.Count > 0)
        {
            FilePacket packet = await packets.ReadAsync(cancellationToken) ?? throw StrakeException.Invalid("the client has ended the transfer of its files before their end");
            Take(packet);
        }
    }

    void Take(FilePacket packet)
    {
        switch (packet.Kind)
        {
            case FilePacketKind.Entry when packet.Entry is { } entry && !isListed:
                TakeEntry(entry);
                break;
            case FilePacketKind.Entry when packet.Entry is null && !isListed:
                isListed = true;
                walk.End();
                break;
            case FilePacketKind.Data:
                TakeData(packet.Id, packet.Data.Span);
                break;
            case FilePacketKind.Error:
                throw StrakeException.Unavailable($"the client cannot send its files: {packet.ErrorText}");
            default:
                throw StrakeException.Invalid($"the client's files: a packet of kind {packet.Kind} comes where it cannot");
        }
    }

    void TakeEntry(FileEntry entry)
    {
        uint id = nextId++;
        Count.AddEntry();
        if (walk.Next(entry) is not { } content) return;
        // Nobody has to be asked for nothing.
        if (entry.SizeBytes == 0)
        {
            content.Complete();
            return;
        }

        awaited.Add(id, content);
        wanted.Writer.TryWrite(id);
    }

    void TakeData(uint id, ReadOnlySpan<byte> bytes)
    {
        if (!awaited.TryGetValue(id, out IFileContent? content)) throw StrakeException.Invalid($"the client's files: bytes of file {id} come, which was not asked for");
        if (bytes.IsEmpty)
        {
            awaited.Remove(id);
            content.Complete();
            Count.AddFile();
            return;
        }

        Count.AddBytes(bytes.Length);
        if (Count.Bytes > limits.MaxTotalBytes) throw StrakeException.TooLarge($"the client sends more than {limits.MaxTotalBytes} bytes");
        content.Write(bytes);
    }

    async Task RequestAsync(CancellationTokenSource failed)
    {
        var batch = new List<FilePacket>(MaxBatch);
        try
        {
            while (await wanted.Reader.WaitToReadAsync(failed.Token))
            {
                while (batch.Count < MaxBatch && wanted.Reader.TryRead(out uint id)) batch.Add(new FilePacket(FilePacketKind.Request) { Id = id });
                await answers.WriteAllAsync(batch, failed.Token);
                batch.Clear();
            }
        }
        catch
        {
            // The other half would wait for files that nobody has asked for.
            await failed.CancelAsync();
            throw;
        }
    }

    // The sender answers, and ends the call: then it is known that all went well for it, too.
    async Task LeaveAsync(CancellationToken cancellationToken)
    {
        while (await packets.ReadAsync(cancellationToken) is { } packet)
            if (packet.Kind is FilePacketKind.Error) throw StrakeException.Unavailable($"the client could not send its files: {packet.ErrorText}");
    }

    async Task TellAsync(string why)
    {
        using var patience = new CancellationTokenSource(s_farewell);
        try
        {
            await answers.WriteAsync(FilePacket.Failure(why), patience.Token);
        }
        catch (Exception e) when (e is GrpcException or OperationCanceledException)
        {
            // Then it learns of it by the end of the call.
        }
    }
}
