using Strake.Layers;

namespace Strake.Build;

/// <summary>A program that has ended. Disposing removes its changes.</summary>
public interface IProcessResult : IAsyncDisposable
{
    /// <summary>Its exit code; 128 and the signal's number where a signal ended it.</summary>
    int ExitCode { get; }

    /// <summary>The layer with what it changed.</summary>
    LayerId Layer { get; }
}
