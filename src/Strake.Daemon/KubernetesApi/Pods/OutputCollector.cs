using System.Text;
using Strake.Containers;

namespace Strake.Daemon.KubernetesApi.Pods;

/// <summary>A client that keeps the beginning of what a command writes.</summary>
sealed class OutputCollector : IStreamClient
{
    const int MaxBytes = 10 * 1024;

    readonly MemoryStream kept = new();

    /// <inheritdoc/>
    public Stream? Input => null;

    /// <summary>What was kept.</summary>
    public string Text => Encoding.UTF8.GetString(kept.ToArray());

    /// <inheritdoc/>
    public ValueTask WriteAsync(ContainerStream kind, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        kept.Write(data.Span[..(int)Math.Min(data.Length, MaxBytes - kept.Length)]);
        return ValueTask.CompletedTask;
    }
}
