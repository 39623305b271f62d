using Microsoft.Win32.SafeHandles;
using Strake.Containers.Files;

namespace Strake.Containers.Engine;

/// <summary>A container's files, opened. Disposing closes them, and lets a container that does not run be started again.</summary>
sealed class ContainerFilesScope(ContainerView view, SafeFileHandle? mountNamespace, IDisposable? turn, Func<Task>? cleanUp = null) : IAsyncDisposable
{
    /// <summary>The files.</summary>
    public ContainerView View => view;

    /// <summary>Closes them.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            view.Dispose();
            // The view's mounts are in this namespace, and go with it.
            mountNamespace?.Dispose();
            if (cleanUp is not null)
                await cleanUp();
        }
        finally
        {
            turn?.Dispose();
        }
    }
}
