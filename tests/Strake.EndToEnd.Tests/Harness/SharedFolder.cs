namespace Strake.EndToEnd.Tests.Harness;

/// <summary>A folder of the engine's host, which may be seen from here at another path.</summary>
public sealed class SharedFolder
{
    /// <summary>Makes the folder.</summary>
    /// <param name="there">Its path as the engine sees it.</param>
    public SharedFolder(string there)
    {
        There = there;
        Directory.CreateDirectory(Here);
    }

    /// <summary>The path as the engine sees it.</summary>
    public string There { get; }

    /// <summary>The path as this process sees it.</summary>
    public string Here => TestSetting.HostRoot + There;

    /// <summary>The text of a file in it.</summary>
    public string Read(string name) => File.ReadAllText(Path.Combine(Here, name));

    /// <summary>Writes a file in it.</summary>
    public void Write(string name, string text) => File.WriteAllText(Path.Combine(Here, name), text);
}
