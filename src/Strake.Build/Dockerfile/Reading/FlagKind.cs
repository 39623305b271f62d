namespace Strake.Build;

/// <summary>What a flag of an instruction takes.</summary>
enum FlagKind
{
    /// <summary><c>--name</c>, <c>--name=true</c> or <c>--name=false</c>.</summary>
    Switch,

    /// <summary><c>--name=value</c>.</summary>
    Text,

    /// <summary><c>--name=value</c>, any number of times.</summary>
    Texts,
}
