using Strake.Layers;
using Strake.Linux;

namespace Strake.Containers.Engine;

/// <summary>Opens a container's root file system without leaving a mount in anybody's sight: it lasts as long as the handle.</summary>
static class RootView
{
    /// <summary>Mounts a layer in a namespace that is dropped at once, and opens its root.</summary>
    /// <param name="context">The engine.</param>
    /// <param name="layer">The container's layer.</param>
    /// <param name="access">Whether it may be written; not while the container runs.</param>
    /// <param name="id">The container, whose bundle the mount lies in.</param>
    /// <returns>The root; paths are resolved as the container would.</returns>
    public static async Task<RootedDirectory> OpenAsync(EngineContext context, WritableLayer layer, LayerAccess access, string id)
    {
        string target = context.Run.RootFs(id);
        Directory.CreateDirectory(context.Run.Bundle(id), Permissions.Octal0700);
        Directory.CreateDirectory(target, Permissions.Octal0700);
        var (mountNamespace, root) = await context.Mounts.InNewAsync(() => Open(context, layer, access, target));
        mountNamespace.Dispose();
        return root;
    }

    /// <summary>Mounts a layer and opens its root. For the mount thread, in a new namespace.</summary>
    public static RootedDirectory Open(EngineContext context, WritableLayer layer, LayerAccess access, string target)
    {
        context.Layers.Mount(context.Mountpoints.Below(layer), access, target).Release();
        return RootedDirectory.Open(target, PathRule.InRoot);
    }
}
