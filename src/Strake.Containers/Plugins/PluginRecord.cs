using Strake.Images;

namespace Strake.Containers.Plugins;

/// <summary>What is kept of a managed plugin.</summary>
/// <remarks>
/// <code>
/// plugin/&lt;id&gt;                    PluginRecord
///
///  (none) ──▶ (its folder, which a start removes) ──▶ Ready ──▶ Removing ──▶ (none)
/// </code>
/// </remarks>
/// <param name="Name">Its name with a tag.</param>
/// <param name="Remote">Where it came from.</param>
/// <param name="IsEnabled">Whether it is to run.</param>
/// <param name="IsRemoving">Whether its removal has begun.</param>
/// <param name="Content">Its content.</param>
/// <param name="Settings">What was set.</param>
sealed record PluginRecord(string Name, string Remote, bool IsEnabled, bool IsRemoving, PluginContent Content, PluginSettings Settings);
