namespace Strake.Volumes;

/// <summary>A place where plugins are found by name.</summary>
public interface IPluginSource
{
    /// <summary>The plugin of that name; null when there is none here.</summary>
    /// <param name="name">What a user or a record wrote.</param>
    /// <param name="cancellationToken">Gives up waiting for a plugin that is on its way up.</param>
    /// <exception cref="StrakeException">Invalid: what is there under that name cannot be read; names the file. Conflict: it is switched off.</exception>
    ValueTask<PluginAddress?> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>The one name of a plugin here that can be called by several; null when there is no such plugin here, or it has no other.</summary>
    /// <param name="name">What a user wrote.</param>
    string? CanonicalOf(string name) => null;

    /// <summary>The names of all plugins here that may keep volumes. Asks none of them.</summary>
    IReadOnlyList<string> Names();
}
