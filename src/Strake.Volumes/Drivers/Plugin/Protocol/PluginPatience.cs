namespace Strake.Volumes;

/// <summary>When a call to a plugin that gave no answer is made again.</summary>
enum PluginPatience
{
    /// <summary>Never: somebody waits who asks about other things as well.</summary>
    None,

    /// <summary>As long as it has not reached the plugin: made twice, it may do something else.</summary>
    UntilSent,

    /// <summary>Always: a question.</summary>
    Repeat,
}
