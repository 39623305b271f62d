using System.Net;

namespace Strake.Daemon.Server;

/// <summary>Where connections come from that are open already: the place of an address for a listener without one.</summary>
sealed class HandedEndPoint : EndPoint
{
    /// <inheritdoc/>
    public override string ToString() => "connections handed over";
}
