using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace Strake.Daemon.Server;

/// <summary>A connection that is open already, as Kestrel's HTTP layer takes it.</summary>
sealed class HandedConnection : DefaultConnectionContext
{
    readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Action abort;

    /// <summary>Wraps a connection.</summary>
    /// <param name="id">Names it in logs.</param>
    /// <param name="transport">Its bytes; nothing has been read of them.</param>
    /// <param name="closed">Ends when the other side has gone.</param>
    /// <param name="abort">Cuts the connection off.</param>
    public HandedConnection(string id, IDuplexPipe transport, CancellationToken closed, Action abort)
        : base(id, transport, transport)
    {
        this.abort = abort;
        ConnectionClosed = closed;
    }

    /// <summary>Completes when the HTTP layer is done with the connection.</summary>
    public Task Ended => ended.Task;

    /// <inheritdoc/>
    public override void Abort(ConnectionAbortedException abortReason) => abort();

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        ended.TrySetResult();
    }
}
