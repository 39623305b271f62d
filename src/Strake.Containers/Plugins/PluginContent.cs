using Strake.Images;

namespace Strake.Containers.Plugins;

/// <summary>A plugin's content: documents and layers by their digests, and where they are unpacked.</summary>
/// <param name="Manifest">The manifest's digest.</param>
/// <param name="Config">The config's.</param>
/// <param name="Layers">The layers', as they are sent; lowest first.</param>
/// <param name="Root">The name of the folder in which they are unpacked.</param>
sealed record PluginContent(string Manifest, string Config, IReadOnlyList<string> Layers, string Root);
