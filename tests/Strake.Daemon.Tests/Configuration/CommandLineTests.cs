using Strake.Daemon.Configuration;
using Strake.State;

namespace Strake.Daemon.Tests.Configuration;

public sealed class CommandLineTests
{
    static readonly CommandFlag[] s_flags = [new("data-root", 'g'), new("debug", 'D', IsSwitch: true), new("verbose", 'v', IsSwitch: true), new("host", 'H')];

    [Theory]
    [InlineData("", "", "")]
    [InlineData("--data-root /a", "data-root=/a", "")]
    [InlineData("--data-root=/a", "data-root=/a", "")]
    [InlineData("--data-root=", "data-root=", "")]
    [InlineData("-g /a", "data-root=/a", "")]
    [InlineData("-g/a", "data-root=/a", "")]
    [InlineData("-g=/a", "data-root=/a", "")]
    [InlineData("-D", "debug=true", "")]
    [InlineData("--debug", "debug=true", "")]
    [InlineData("--debug=false", "debug=false", "")]
    [InlineData("--debug x", "debug=true", "x")]
    [InlineData("-Dv", "debug=true verbose=true", "")]
    [InlineData("-Dg /a", "debug=true data-root=/a", "")]
    [InlineData("-H a -H b", "host=a host=b", "")]
    [InlineData("a --debug b", "debug=true", "a b")]
    [InlineData("--debug -- --data-root -g", "debug=true", "--data-root -g")]
    [InlineData("--data-root --debug", "data-root=--debug", "")]
    [InlineData("-", "", "-")]
    public void A_command_line_is_taken_apart_as_docker_does(string line, string flags, string arguments)
    {
        CommandLine parsed = CommandLine.Parse(Words(line), s_flags);
        Assert.Equal(flags, string.Join(' ', parsed.Flags.Select(flag => $"{flag.Name}={flag.Value}")));
        Assert.Equal(arguments, string.Join(' ', parsed.Arguments));
    }

    [Theory]
    [InlineData("--nonsense", "unknown flag: --nonsense")]
    [InlineData("--nonsense=1", "unknown flag: --nonsense")]
    [InlineData("-x", "unknown shorthand flag: 'x' in -x")]
    [InlineData("-Dx", "unknown shorthand flag: 'x' in -Dx")]
    [InlineData("--data-root", "flag needs an argument: --data-root")]
    [InlineData("-g", "flag needs an argument: 'g' in -g")]
    public void A_mistake_is_named(string line, string message)
    {
        var refusal = Assert.Throws<StrakeException>(() => CommandLine.Parse(Words(line), s_flags));
        Assert.Equal(ErrorKind.Invalid, refusal.Kind);
        Assert.Equal(message, refusal.Message);
    }

    static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
