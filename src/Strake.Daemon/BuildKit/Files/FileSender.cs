using System.Buffers;
using System.Threading.Channels;
using Strake.Grpc;

namespace Strake.Daemon.BuildKit.Files;

/// <summary>Sends files to a client, which says which of them it wants.</summary>
/// <param name="packets">What the client says.</param>
/// <param name="answers">What it is told.</param>
/// <param name="source">The files; stays the caller's.</param>
sealed class FileSender(IGrpcReader<FilePacket> packets, IGrpcWriter<FilePacket> answers, IFileSource source)
{
    const int MaxBatch = 64;
    const int BlockBytes = 64 * 1024;

    readonly Dictionary<uint, FileEntry> offered = [];
    readonly Channel<uint> requests = Channel.CreateUnbounded<uint>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    readonly byte[] block = new byte[BlockBytes];

    /// <summary>What has been sent so far. Read from any thread.</summary>
    public FileTransferCount Count { get; } = new();

    /// <summary>Sends all that the client wants, until it says that it has it.</summary>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="StrakeException">Unavailable: the client has failed, and says why. Invalid: it does not keep to the rules. Or the source's.</exception>
    /// <exception cref="GrpcException">The call did not end well.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task listening = Task.Run(() => ListenAsync(failed), CancellationToken.None);
        try
        {
            await ListAsync(failed.Token);
            await foreach (uint id in requests.Reader.ReadAllAsync(failed.Token)) await SendAsync(id, failed.Token);
            await listening;
            await answers.WriteAsync(new FilePacket(FilePacketKind.Finish), cancellationToken);
        }
        catch (Exception e)
        {
            await failed.CancelAsync();
            await listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (e is StrakeException) await answers.WriteAsync(FilePacket.Failure(e.Message), cancellationToken);
            // What went wrong first is what it means.
            if (e is OperationCanceledException or GrpcException && listening.IsFaulted && !cancellationToken.IsCancellationRequested) await listening;
            throw;
        }
    }

    async Task ListAsync(CancellationToken cancellationToken)
    {
        var batch = new List<FilePacket>(MaxBatch);
        uint id = 0;
        foreach (FileEntry entry in source.Walk())
        {
            if (entry.Kind is Linux.FileKind.Regular && !entry.IsHardLink)
                lock (offered) offered.Add(id, entry);
            id++;
            Count.AddEntry();
            batch.Add(new FilePacket(FilePacketKind.Entry) { Entry = entry });
            if (batch.Count < MaxBatch) continue;
            await answers.WriteAllAsync(batch, cancellationToken);
            batch.Clear();
        }

        batch.Add(new FilePacket(FilePacketKind.Entry));
        await answers.WriteAllAsync(batch, cancellationToken);
    }

    async Task ListenAsync(CancellationTokenSource failed)
    {
        try
        {
            while (await packets.ReadAsync(failed.Token) is { } packet)
            {
                switch (packet.Kind)
                {
                    case FilePacketKind.Request:
                        requests.Writer.TryWrite(packet.Id);
                        break;
                    case FilePacketKind.Finish:
                        requests.Writer.Complete();
                        return;
                    case FilePacketKind.Error:
                        throw StrakeException.Unavailable($"the client cannot take the files: {packet.ErrorText}");
                    default:
                        throw StrakeException.Invalid($"the client sends a packet of kind {packet.Kind}, where it receives files");
                }
            }

            throw StrakeException.Unavailable("the client has ended the transfer before it had all files");
        }
        catch
        {
            await failed.CancelAsync();
            throw;
        }
    }

    async Task SendAsync(uint id, CancellationToken cancellationToken)
    {
        FileEntry? entry;
        lock (offered)
            if (!offered.Remove(id, out entry)) throw StrakeException.Invalid($"the client asks for file {id}, which was not offered, or for the second time");
        await using (Stream content = source.Open(entry))
        {
            int read;
            while ((read = await content.ReadAsync(block, cancellationToken)) > 0)
            {
                await answers.WriteAsync(new FilePacket(FilePacketKind.Data) { Id = id, Data = block.AsMemory(0, read) }, cancellationToken);
                Count.AddBytes(read);
            }
        }

        await answers.WriteAsync(new FilePacket(FilePacketKind.Data) { Id = id }, cancellationToken);
        Count.AddFile();
    }
}
