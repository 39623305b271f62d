namespace Strake.Layers.Tests.Drivers;

public sealed class ThinPoolStatusTests
{
    [Theory]
    [InlineData("0 141/2048 13/1600 - rw discard_passdown error_if_no_space - 1024", 93, null, true)]
    [InlineData("4 2000/2048 13/1600 - rw no_discard_passdown queue_if_no_space - 0", 2, null, false)]
    [InlineData("4 20/2048 1600/1600 - out_of_data_space discard_passdown error_if_no_space - 0", 0, null, true)]
    [InlineData("4 20/2048 16/1600 - ro discard_passdown error_if_no_space - 0", 99, "it can only be read", true)]
    [InlineData("4 20/2048 16/1600 - ro discard_passdown error_if_no_space needs_check 0", 99, "thin_check", true)]
    [InlineData("Fail", 0, "given it up", true)]
    public void A_status_says_how_much_is_free_and_what_is_wrong(string text, long free, string? fault, bool fails)
    {
        var status = ThinPoolStatus.Parse(text);
        Assert.Equal((free, fails), (status.FreePercent, status.FailsWhenFull));
        if (fault is null) Assert.Null(status.Fault);
        else Assert.Contains(fault, status.Fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0 141/2048 13 - rw discard_passdown error_if_no_space -")]
    [InlineData("0 a/2048 13/1600 - rw discard_passdown error_if_no_space -")]
    public void What_is_no_status_is_refused(string text) => Assert.Throws<FormatException>(() => ThinPoolStatus.Parse(text));
}
